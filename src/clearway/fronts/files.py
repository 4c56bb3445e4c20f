"""What a router asks about the disk: what a path is for the worker, who may see less than we."""

import errno
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from clearway.fronts.path_map import PathMap

if TYPE_CHECKING:
    from clearway.fronts.permission import Worker


class Kind(StrEnum):
    """What stat(2) answers to the worker; an error is a kind of its own."""

    FILE = "file"
    DIRECTORY = "directory"
    OTHER = "other"  # a socket, a pipe, a device
    MISSING = "missing"  # ENOENT: also a dangling link
    PARENT_IS_FILE = "parent-is-file"  # ENOTDIR
    DENIED_PARENT = "denied-parent"  # EACCES: a directory on the way cannot be entered
    LOOP = "loop"  # ELOOP
    TOO_LONG = "too-long"  # ENAMETOOLONG
    ERROR = "error"  # anything else
    UNKNOWN = "unknown"  # cannot be told from here


@dataclass(frozen=True)
class Entry:
    """A path as the worker sees it.

    `readable` is whether open(2) for reading would succeed; for a directory that is the right to list it. `blocking`
    is the path that stands in the way, `reason` says why in words; both are empty where nothing does. `mtime` is in
    seconds, `mtime_ns` the same in nanoseconds, 0 where it is not known; `executable` is the owner's bit.
    """

    kind: Kind
    readable: bool = False
    size: int = 0
    mtime: int = 0
    executable: bool = False
    blocking: str = ""
    reason: str = ""
    mtime_ns: int = 0

    @property
    def exists(self) -> bool:
        """Whether stat(2) succeeds."""
        return self.kind in {Kind.FILE, Kind.DIRECTORY, Kind.OTHER}


@dataclass(frozen=True)
class Link:
    """A symbolic link on the way of a path; whether its target has the same owner, or is missing."""

    path: str
    same_owner: bool


class Files(Protocol):
    """The disk as the worker sees it; paths are the front's own (those of its container)."""

    def look(self, path: str) -> Entry:
        """What the path is, links followed. Never raises."""

    def links(self, path: str) -> tuple[Link, ...]:
        """The components of the path that are symbolic links themselves, from the root on. Never raises."""


class WorkerFiles:
    """The disk of this machine, with a worker's rights."""

    def __init__(self, worker: "Worker", paths: PathMap | None = None) -> None:
        self._worker = worker
        self._paths = paths or PathMap()
        self._seen: dict[str, Entry] = {}

    def look(self, path: str) -> Entry:
        """What the path is for the worker; asked of the disk once."""
        if path not in self._seen:
            self._seen[path] = self._look(self._paths.here(path))
        return self._seen[path]

    def links(self, path: str) -> tuple[Link, ...]:
        """The components of the path that are links, from the root on."""
        here = Path(self._paths.here(path))
        return tuple(self._link(each) for each in [*reversed(here.parents), here] if _is_link(each))

    def _link(self, path: Path) -> Link:
        there = self._paths.there(str(path))
        try:
            return Link(there, path.stat().st_uid == path.lstat().st_uid)
        except OSError:
            return Link(there, True)

    def _look(self, here: str) -> Entry:
        from clearway.fronts.permission import judge

        if "\0" in here:
            return Entry(Kind.MISSING, blocking=here, reason="no name has a NUL in it")
        verdict = judge(self._worker, here, "r")
        blocking, reason = verdict.blocking or "", "" if verdict.allowed else verdict.reason
        if verdict.allowed is None:
            return Entry(Kind.UNKNOWN, blocking=blocking, reason=reason)
        found = verdict.status
        if found is None:
            return Entry(KINDS_BY_ERROR.get(verdict.error, Kind.ERROR), blocking=blocking, reason=reason)
        kind, executable = _kind(found.st_mode), bool(found.st_mode & stat.S_IXUSR)
        return Entry(
            kind, verdict.allowed, found.st_size, int(found.st_mtime), executable, blocking, reason, found.st_mtime_ns
        )


KINDS_BY_ERROR = {
    errno.ENOENT: Kind.MISSING,
    errno.ENOTDIR: Kind.PARENT_IS_FILE,
    errno.EACCES: Kind.DENIED_PARENT,
    errno.ELOOP: Kind.LOOP,
    errno.ENAMETOOLONG: Kind.TOO_LONG,
}


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    return Kind.DIRECTORY if stat.S_ISDIR(mode) else Kind.OTHER


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except (OSError, ValueError):  # a name too long, or with a NUL in it
        return False
