"""One run at a time: what builds, rolls back or prunes holds the folder of records meanwhile.

The kernel's lock on the folder itself is taken where there is one: it touches nothing and ends with its process,
however that ends. Elsewhere (Windows, some network file systems) a file `lock` says who holds it; what a dead process
of the same machine left is taken over.
"""

import errno
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

from .errors import LockedError

if TYPE_CHECKING:
    from .directory import Directory

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

FILE = "lock"
_TAKING_OVER = "lock.takeover"
_mine: set[Path] = set()  # lock files of this process: its number may have belonged to another one before


@contextmanager
def exclusive(store: "Directory") -> Iterator[None]:
    """Hold the folder of `store`. Raises `LockedError` at once when another run does."""
    folder = _held_folder(store.ensure())
    if folder is None:
        with _held_file(store):
            yield
        return
    try:
        yield
    finally:
        fcntl.flock(folder, fcntl.LOCK_UN)  # at once, though a child that was forked meanwhile still has it open
        os.close(folder)


# --- the kernel's lock


def _held_folder(root: Path) -> int | None:
    """A locked descriptor of the folder, or None where folders cannot be locked."""
    if fcntl is None:
        return None
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = _holder(os.fstat(descriptor).st_ino)
        os.close(descriptor)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise LockedError(_message(root, holder)) from None
        return None
    return descriptor


def _holder(inode: int) -> str:
    """The process that holds a lock on an inode, where Linux tells."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}") and int(fields[4]) > 0:
                return f" (process {fields[4]})"
    return ""


# --- the file


@contextmanager
def _held_file(store: "Directory") -> Iterator[None]:
    path = store.root / FILE
    me = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": int(time())}).encode()
    if not store.create(FILE, me) and not _take_over(store, me):
        raise LockedError(_message(store.root, _named(_read(store)), f", or delete {path} when there is no such run"))
    _mine.add(path)
    try:
        yield
    finally:
        _mine.discard(path)
        store.delete(FILE)


def _take_over(store: "Directory", me: bytes) -> bool:
    """Replace the file of a dead process; one process at a time, or two would both believe to have replaced it."""
    path = store.root / _TAKING_OVER
    if not _is_stale(store) or path in _mine:
        return False
    is_left = _is_stale(store, _TAKING_OVER)  # by one that was killed at it
    _mine.add(path)
    try:
        if is_left:
            store.delete(_TAKING_OVER)
        return store.create(_TAKING_OVER, me) and _replaced(store, me)
    finally:
        _mine.discard(path)


def _replaced(store: "Directory", me: bytes) -> bool:
    try:
        if _is_stale(store):
            store.delete(FILE)
        return store.create(FILE, me)
    finally:
        store.delete(_TAKING_OVER)


def _is_stale(store: "Directory", name: str = FILE) -> bool:
    found = _read(store, name)
    pid, host = found.get("pid"), found.get("host")
    if host != socket.gethostname() or not isinstance(pid, int):
        return False
    return store.root / name not in _mine if pid == os.getpid() else not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # signal 0 would end the process on Windows
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _read(store: "Directory", name: str = FILE) -> dict[str, Any]:
    try:
        found = json.loads(store.read(name))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _named(found: dict[str, Any]) -> str:
    return f" (process {found['pid']} on {found.get('host')})" if "pid" in found else ""


def _message(root: Path, holder: str, or_else: str = "") -> str:
    return f"another run{holder} is changing the releases in {root}; run this again when it is done{or_else}"
