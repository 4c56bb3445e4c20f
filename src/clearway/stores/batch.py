"""Files that are swapped together: a build waits for the disk once for many of them."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import time_ns
from types import TracebackType
from typing import Self

from .directory import Directory, Staged
from .parts import map_parts

_TOGETHER = 64  # files; each is open until then, and is a leftover when the process is killed
_AT_ONCE = 8  # threads that wait for the disk, which answers many questions at a time


class Batch:
    """Swaps, by any number of threads. After the `with` block all files are at their names, or an error was raised.

    `settled` is when each name was given to its new file (ns since 1970).
    """

    def __init__(self, store: Directory) -> None:
        self.settled: dict[str, int] = {}
        self._store = store
        self._staged: list[Staged] = []
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._is_over = False

    def swap(self, name: str, data: bytes | Iterable[bytes]) -> None:
        """Write a file, which gets its name together with others."""
        staged, full = self._store.stage(name, data), list[Staged]()
        with self._lock:
            self._staged.append(staged)
            if self._is_over or len(self._staged) >= _TOGETHER:
                full, self._staged = self._staged, []
        if self._is_over:  # a thread that had begun when another one failed
            self._store.discard(full)
        elif full:
            self._settle(full)

    def _settle(self, staged: list[Staged]) -> None:
        self._store.settle(staged, self._each if len(staged) > 1 else map)
        self.settled.update(dict.fromkeys((one.name for one in staged), time_ns()))

    def _each(self, wait: Callable[[Staged], OSError | None], staged: Iterable[Staged]) -> Iterator[OSError | None]:
        return map_parts(self._pool, wait, staged, _TOGETHER // _AT_ONCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        with self._lock:
            staged, self._staged = self._staged, []
            self._is_over = bool(error)
        with self._pool:
            if error:
                self._store.discard(staged)
            else:
                self._settle(staged)
