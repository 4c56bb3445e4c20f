"""Many small jobs on a pool of threads: handed over by the part, since handing over costs more than most of them."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import chain, islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_parts(
    pool: Executor, function: Callable[[Item], Result], items: Iterable[Item], together: int = 16
) -> Iterator[Result]:
    """The results in order, as `Executor.map` gives them; `together` items are done by a thread in one go."""

    def done(part: list[Item]) -> list[Result]:
        return [function(each) for each in part]

    rest = iter(items)
    return chain.from_iterable(pool.map(done, iter(lambda: list(islice(rest, together)), [])))
