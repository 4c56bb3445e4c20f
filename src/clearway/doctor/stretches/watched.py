"""The disk as a front's worker sees it, with what was asked of it; files that are due are taken as collected."""

from collections.abc import Iterable
from posixpath import normpath

from clearway.fronts.files import Entry, Files, Kind, Link, WorkerFiles
from clearway.fronts.front import Front
from clearway.fronts.permission import Worker

_TODAY = 1_700_000_000


class Watched:
    """Notes every path that is asked about; a due file that was not made yet, which is told elsewhere, is there."""

    def __init__(self, real: Files, due: Iterable[str] = ()) -> None:
        self._real, self._due = real, frozenset(due)
        self.asked: list[str] = []

    def look(self, path: str) -> Entry:
        """As the worker sees it."""
        plain = normpath(path)
        self.asked.append(plain)
        found = self._real.look(path)
        if found.kind is Kind.MISSING and plain in self._due and not path.endswith("/"):
            return Entry(Kind.FILE, True, 100, _TODAY)
        return found

    def links(self, path: str) -> tuple[Link, ...]:
        """As they are."""
        self.asked.append(normpath(path))
        return self._real.links(path)


def disk(front: Front) -> Files:
    """What the front's worker sees; where nothing says who that is, one who may read all."""
    return WorkerFiles(Worker(0, 0), front.paths) if front.worker.is_guess else front.files
