"""May a worker read this file, or write into this directory: decided without being that worker.

The way is walked as the kernel walks it (path_resolution(7)): component by component, links followed, every directory
on the way asked for search. What is found holds for the moment of the walk.
"""

import errno
import os
import stat
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clearway.fronts import access, ids, sandbox
from clearway.fronts.access import READ, SEARCH, WRITE
from clearway.fronts.sandbox import FOREIGN
from clearway.fronts.worker import UnknownWorkerError, Worker

__all__ = ["UnknownWorkerError", "Verdict", "Worker", "judge"]

_LINKS, _NAME, _PATH = 40, 255, 4096  # MAXSYMLINKS, NAME_MAX and PATH_MAX of Linux
_BITS = {"r": READ, "w": WRITE, "x": SEARCH}
_WORDS = {0: "look at", READ: "read", WRITE: "write to", SEARCH: "enter", READ | SEARCH: "list and enter"}
_STICKY_AND_OPEN = stat.S_ISVTX | stat.S_IWOTH


@dataclass(frozen=True)
class Verdict:
    """The answer, with its proof.

    `allowed` is None where it cannot be told from here. `blocking` is the first component that stands in the way, as
    the worker names it; `reason` says why. `error` is the number (errno(3)) that the worker would get, 0 without.
    `how` is the method; `notes` name judges beside it that were seen and not asked. `resolved` is the path behind all
    links and `status` its stat(2), both None where the way ends before.
    """

    allowed: bool | None
    blocking: str | None
    reason: str
    how: str
    error: int = 0
    resolved: str | None = None
    status: os.stat_result | None = None
    notes: tuple[str, ...] = ()


class _StopError(Exception):
    """The way ends here."""

    def __init__(self, error: int, blocking: str, reason: str) -> None:
        super().__init__(reason)
        self.error, self.blocking, self.reason = error, blocking, reason


def judge(worker: Worker, path: str, wanted: str = "r") -> Verdict:
    """Whether the worker may: `wanted` is `r`, `w`, `x` or several; to make files in a directory takes `wx`.

    Empty, it is only whether the worker can reach the path, as stat(2). The path is absolute, as the worker names it.
    Never raises for what is on the disk; ValueError for a path that is not absolute.
    """
    if not path.startswith("/"):
        raise ValueError(f"not an absolute path: {path!r}")
    walk = _Walk(worker)
    bits = sum(_BITS[letter] for letter in set(wanted))
    try:
        walk.follow(path)
        walk.end(bits)
    except _StopError as stop:
        return _refused(walk, stop)
    unseen = sandbox.unseen_mount(worker.pid, walk.visited) if worker.pid and worker.root == "/" else ""
    notes = _notes(worker, walk) if bits else ()
    resolved, status = walk.here
    if unseen:
        return Verdict(None, None, unseen, walk.how, 0, None, None, notes)
    reason = f"{worker.name} may {_WORDS.get(bits, 'use')} {resolved}"
    return Verdict(True, None, reason, walk.how, 0, resolved, status, notes)


def _refused(walk: "_Walk", stop: _StopError) -> Verdict:
    worker = walk.worker
    unseen = sandbox.unseen_mount(worker.pid, walk.visited) if worker.pid and worker.root == "/" else ""
    is_at_end = walk.is_at_end
    resolved, status = walk.here if is_at_end else (None, None)
    if unseen:
        return Verdict(None, None, unseen, walk.how)
    allowed = None if stop.error == -1 else False
    return Verdict(allowed, stop.blocking, stop.reason, walk.how, max(stop.error, 0), resolved, status)


class _Walk:
    """The directories from the root to where we are, each with its stat(2)."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.visited: list[str] = []
        self.is_at_end = False
        self._base = worker.root.rstrip("/")
        self._links = 0
        self._stack: list[tuple[str, os.stat_result]] = []

    @property
    def here(self) -> tuple[str, os.stat_result]:
        return self._stack[-1]

    @property
    def how(self) -> str:
        whose = f"process {self.worker.pid}" if self.worker.pid else f"the user {self.worker.name}"
        where = f", in its own tree {self.worker.root}" if self._base else ""
        return f"by the rules of the kernel, from modes, owners and access lists, for {whose}{where}"

    def on_disk(self, path: str) -> str:
        """Where a path of the worker is for us."""
        return (self._base + path) or "/"

    def follow(self, path: str) -> None:
        """Walk to the end of the path. An empty name stands for a slash at the end."""
        if len(os.fsencode(path)) >= _PATH:
            raise _StopError(errno.ENAMETOOLONG, path, f"the path has more than {_PATH - 1} bytes")
        self._stack = [("/", self._look("/"))]
        names = deque(path.split("/")[1:])
        while names:
            name = names.popleft()
            if name or not any(names):
                self._step(name, names)
        self.is_at_end = True

    def _step(self, name: str, names: deque[str]) -> None:
        here, status = self.here
        if not stat.S_ISDIR(status.st_mode):
            raise _StopError(errno.ENOTDIR, here, f"{here} is not a directory")
        if not name:
            return
        self._search(here, status)
        if name == "..":
            del self._stack[max(len(self._stack) - 1, 1) :]
        elif name != ".":
            self._enter(here, status, name, names)

    def _search(self, here: str, status: os.stat_result) -> None:
        found = access.right(self.worker, status, self.on_disk(here), SEARCH)
        if not found.granted:
            raise _StopError(errno.EACCES, here, self._denial(here, status, found, SEARCH))

    def _enter(self, here: str, status: os.stat_result, name: str, names: deque[str]) -> None:
        child = f"{here.rstrip('/')}/{name}"
        if len(os.fsencode(name)) > _NAME:
            raise _StopError(errno.ENAMETOOLONG, child, f"a name has more than {_NAME} bytes")
        found = self._look(child)
        if not stat.S_ISLNK(found.st_mode):
            self._stack.append((child, found))
            return
        self._links += 1
        if self._links > _LINKS:
            raise _StopError(errno.ELOOP, child, f"more than {_LINKS} links on the way, at {child}")
        if not any(names):
            self._may_follow(child, found, status)
        self._turn(child, names)

    def _turn(self, link: str, names: deque[str]) -> None:
        try:
            target = str(os.readlink(self.on_disk(link)))  # noqa: PTH115 - a Path would lose a slash at the end
        except OSError as error:
            raise _unseen(link, error) from error
        if target.startswith("/"):
            del self._stack[1:]
        names.extendleft(reversed(target.lstrip("/").split("/")))

    def _may_follow(self, link: str, status: os.stat_result, parent: os.stat_result) -> None:
        """The last link of a way, in a directory like /tmp (proc_sys_fs(5), protected_symlinks)."""
        if not _protects_links() or parent.st_mode & _STICKY_AND_OPEN != _STICKY_AND_OPEN:
            return
        if status.st_uid not in {self.worker.uid, parent.st_uid}:
            owner = ids.user(status.st_uid)
            reason = f"the link {link} of {owner} lies in a sticky directory that all may write to: not followed"
            raise _StopError(errno.EACCES, link, reason)

    def _look(self, path: str) -> os.stat_result:
        self.visited.append(path)
        try:
            return os.lstat(self.on_disk(path))
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise _unseen(path, error) from error
            raise _StopError(errno.ENOENT, path, f"{path} does not exist") from error

    def end(self, wanted: int) -> None:
        """What is asked of the file at the end."""
        here, status = self.here
        if wanted & WRITE and (mount := sandbox.covering(sandbox.mounts(self.worker.pid), here)) and mount.read_only:
            reason = f"{here} lies on {mount.point}, which is mounted read-only"
            raise _StopError(errno.EROFS, here, reason)
        found = access.right(self.worker, status, self.on_disk(here), wanted)
        if not found.granted:
            raise _StopError(errno.EACCES, here, self._denial(here, status, found, wanted))

    def _denial(self, here: str, status: os.stat_result, found: access.Right, wanted: int) -> str:
        is_file = not stat.S_ISDIR(status.st_mode)
        words = "run" if wanted == SEARCH and is_file else _WORDS.get(wanted, "make files in")
        because = access.because(found, self.worker, status)
        return f"{self.worker.name} may not {words} {here}: {access.proof(status)}; {because}"


def _unseen(path: str, error: OSError) -> _StopError:
    """We are stopped, not the worker."""
    return _StopError(-1, path, f"{path} cannot be looked at from here: {(error.strerror or str(error)).lower()}")


def _notes(worker: Worker, walk: _Walk) -> tuple[str, ...]:
    """Judges that are there and were not asked."""
    here, status = walk.here
    found = []
    if profile := sandbox.confinement(worker.pid):
        found.append(f"AppArmor confines process {worker.pid} by the profile {profile}, which was not asked")
    if sandbox.is_selinux_enforcing():
        label = sandbox.label(walk.on_disk(here)) or "no label"
        found.append(f"SELinux enforces, and was not asked: {here} has {label}")
    # A device number without a major is no disk of this machine.
    mount = None if os.major(status.st_dev) else sandbox.covering(sandbox.mounts(worker.pid), here)
    if mount is not None and (mount.kind in FOREIGN or mount.kind.startswith("fuse")):
        found.append(f"{mount.point} is {mount.kind}: its own server decides, the mode is not all")
    return tuple(found)


@lru_cache(1)
def _protects_links() -> bool:
    try:
        return Path("/proc/sys/fs/protected_symlinks").read_text("ascii").strip() != "0"
    except OSError:
        return False
