"""Many files at a time, and a bounded number of octets in memory."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition
from typing import TypeVar

AT_ONCE = 16  # requests: more gain little, and some stores slow a client down that asks too fast
_OCTETS = 64 * 1024 * 1024  # of all bodies in memory, or of one that is larger

Row = TypeVar("Row")
Result = TypeVar("Result")


class Budget:
    """Octets that may be in memory at a time; one body that is larger than all of it goes alone."""

    def __init__(self, octets: int = _OCTETS) -> None:
        self._free = self._all = octets
        self._changed = Condition()

    @contextmanager
    def spent(self, octets: int) -> Iterator[None]:
        """Wait until there is room."""
        taken = min(octets, self._all)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= taken)
            self._free -= taken
        try:
            yield
        finally:
            with self._changed:
                self._free += taken
                self._changed.notify_all()


def map_within(work: Callable[[Row], Result], rows: Iterable[Row], size: Callable[[Row], int]) -> Iterator[Result]:
    """The results in order; `size` is how many octets the work on a row needs in memory."""
    budget = Budget()

    def done(row: Row) -> Result:
        with budget.spent(size(row)):
            return work(row)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(done, rows)
