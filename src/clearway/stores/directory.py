"""The transport over a directory.

Every write is whole or not there: a temporary file beside the target, fsync, rename; a directory likewise. Modes and
group are set through the descriptor, so that neither the umask nor the user who builds decides who can read.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from os.path import dirname
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import IO, NamedTuple

from clearway.catalog.reading import open_regular

from .lock import exclusive

TEMPORARY_PREFIX = ".clearway-"
TEMPORARY_SUFFIX = ".tmp"
_BUFFER = 64 * 1024  # octets
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Modes:
    """Permission bits of the files and directories that a store makes."""

    file: int = 0o644
    directory: int = 0o755


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a file without reading it: its size in octets and when it changed (ns since 1970)."""

    size: int
    changed: int


class Staged(NamedTuple):
    """A file that is written whole under a temporary name, and is neither durable nor at its own name yet."""

    name: str
    file: IO[bytes]
    temporary: str
    path: str


class Directory:
    """Files below `root` by their names, `/` between the parts. Nothing is made before the first write."""

    def __init__(self, root: Path, modes: Modes | None = None) -> None:
        self.root = root
        self._base = os.fspath(root)
        self.modes = modes or Modes()
        self._unsynced: set[str] = set()
        self._making = Lock()

    def where(self, name: str = "") -> str:
        """A file as people write it."""
        return f"{self._base}/{name}" if name else self._base

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other run away from these files meanwhile. Raises `LockedError` when one is here already."""
        return exclusive(self)

    def read(self, name: str) -> bytes:
        """The whole file. Raises `FileNotFoundError`, and `OSError` also for what is no regular file."""
        with open_regular(self._path(name)) as file:
            return file.read()

    def digest(self, name: str) -> str | None:
        """The SHA-256 of a file in hex, without holding all of it in memory; None when it cannot be read."""
        try:
            with open_regular(self._path(name)) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def head(self, name: str) -> Head | None:
        """Size and time of a file; None when there is none, or something that is not a file."""
        try:
            found = os.stat(self._path(name))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Head(found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None

    def list(self, folder: str) -> Iterator[str]:
        """The names of the files directly in `folder`, sorted; none when it does not exist."""
        try:
            with os.scandir(self._path(folder)) as found:
                entries = sorted(entry.name for entry in found if entry.is_file())
        except (FileNotFoundError, NotADirectoryError):
            return
        yield from (f"{folder}/{entry}" for entry in entries if not entry.startswith(TEMPORARY_PREFIX))

    def swap(self, name: str, data: bytes | Iterable[bytes]) -> None:
        """Put `data` at `name` in one step; a reader sees the old file or the new one. Durable after `flush`."""
        self.settle([self.stage(name, data)])

    def stage(self, name: str, data: bytes | Iterable[bytes]) -> Staged:
        """The first half of a swap: write a temporary file, which `settle` puts in place, or `discard` removes."""
        path = self._path(name)
        folder = dirname(path)
        self._make(folder)
        temporary = temporary_path(folder)
        staged = Staged(name, os.fdopen(os.open(temporary, _NEW_FILE, 0o600), "wb", _BUFFER), temporary, path)
        try:
            self._write(staged.file, folder, (data,) if isinstance(data, bytes) else data)
        except BaseException as error:
            self.discard([staged])
            if isinstance(error, OSError):
                _name(error, path)
            raise
        return staged

    def settle(self, staged: Sequence[Staged], each: "Each" = map) -> None:
        """The second half of several swaps: all files become durable, then each gets its name, in this order.

        `each` is `map`, or that of a pool of threads. When one fails, the temporary files of all are removed.
        """
        try:
            errors = [error for error in each(_sync, staged) if error]
            if errors:
                raise errors[0]
            for one in staged:
                os.replace(one.temporary, one.path)
                self._unsynced.add(dirname(one.path))
        except BaseException:
            self.discard(staged)
            raise

    def discard(self, staged: Sequence[Staged]) -> None:
        """Remove the temporary files of swaps that shall not be."""
        for one in staged:
            with suppress(OSError):
                one.file.close()
        for one in staged:
            with suppress(OSError):
                os.unlink(one.temporary)

    def create(self, name: str, data: bytes) -> bool:
        """Put `data` at `name` in one step unless something is there; whether it was put."""
        staged = self.stage(name, data)
        try:
            if error := _sync(staged):
                raise error
            os.link(staged.temporary, staged.path)
        except FileExistsError:
            return False
        finally:
            self.discard([staged])
        self._unsynced.add(dirname(staged.path))
        return True

    def link(self, name: str, target: str) -> None:
        """Put a symbolic link to `target` at `name` in one step. Raises `OSError` where there are none."""
        path = self._path(name)
        folder = dirname(path)
        self._make(folder)
        temporary = temporary_path(folder)
        os.symlink(target, temporary)
        try:
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
        self._unsynced.add(folder)

    def ensure(self) -> Path:
        """Make the root where there is none yet."""
        self._make(self._base)
        return self.root

    def delete(self, name: str) -> None:
        """Remove a file; nothing happens when there is none."""
        path = self._path(name)
        with suppress(FileNotFoundError):
            os.unlink(path)
        self._unsynced.add(dirname(path))

    def leftovers(self, before: int) -> Iterator[str]:
        """The temporary files that a killed run left, if they were not changed since `before` (seconds since 1970)."""
        for folder, _, files in os.walk(self.root):
            for path in (Path(folder, name) for name in files if is_temporary(name)):
                with suppress(OSError):
                    if path.lstat().st_mtime < before:
                        yield path.relative_to(self.root).as_posix()

    def flush(self) -> None:
        """Make the renames so far durable, before something is written that relies on them."""
        while self._unsynced:
            sync_directory(self._unsynced.pop())

    def _path(self, name: str) -> str:
        if name.startswith("/") or (".." in name and ".." in name.split("/")):
            raise ValueError(f"{name!r} leads out of {self.root}")
        return f"{self._base}/{name}"

    def _write(self, file: IO[bytes], folder: str, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        adopt(file.fileno(), folder, self.modes.file)

    def _make(self, folder: str) -> None:
        """One thread at a time: a rename onto an empty directory would take it away from who just made it."""
        if not os.path.isdir(folder):
            with self._making:
                self._make_missing(folder)

    def _make_missing(self, folder: str) -> None:
        if os.path.isdir(folder):
            return
        above = dirname(os.path.abspath(folder))
        self._make_missing(above)
        temporary = temporary_path(above)
        os.mkdir(temporary, 0o700)
        try:
            _adopt_directory(temporary, self.modes.directory)
            os.rename(temporary, folder)
        except OSError:
            os.rmdir(temporary)
            if not os.path.isdir(folder):  # another thread or process may have been first
                raise
        self._unsynced.add(above)


Each = Callable[[Callable[[Staged], OSError | None], Iterable[Staged]], Iterable[OSError | None]]
"""`map`, or something that does the same in several threads."""


def _sync(staged: Staged) -> OSError | None:
    """Wait until a file is on the disk, and close it; what went wrong, so that all are waited for."""
    try:
        os.fsync(staged.file.fileno())
        staged.file.close()
    except OSError as error:
        return _name(error, staged.path)
    return None


def _name(error: OSError, path: str) -> OSError:
    """What a full disk refuses has no name of its own."""
    error.filename = error.filename or path
    return error


def temporary_path(folder: str) -> str:
    """A path in a folder that nobody else uses and no catalog lists."""
    return f"{folder}/{TEMPORARY_PREFIX}{token_hex(8)}{TEMPORARY_SUFFIX}"


def is_temporary(name: str) -> bool:
    """Whether the last part of a path is one that `temporary_path` gave."""
    return name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX)


def _adopt_on_posix(descriptor: int, parent: str, mode: int) -> None:
    """Give a new entry the group of the directory it lies in, where we may, and its mode."""
    group = os.stat(parent).st_gid
    if os.fstat(descriptor).st_gid != group:
        with suppress(PermissionError):
            os.fchown(descriptor, -1, group)
    os.fchmod(descriptor, mode)


def _adopt_directory_on_posix(folder: str, mode: int) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _adopt_on_posix(descriptor, dirname(folder), mode)
    finally:
        os.close(descriptor)


def _sync_directory_on_posix(folder: str) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _nothing(*_: object) -> None:
    """Windows has no modes, and no descriptors of directories."""


# chosen once: what a new file (its descriptor, the directory it lies in, its mode), a new directory and a changed one
# need on this system
_ON_POSIX = os.name == "posix"
adopt: Callable[[int, str, int], None] = _adopt_on_posix if _ON_POSIX else _nothing
_adopt_directory: Callable[[str, int], None] = _adopt_directory_on_posix if _ON_POSIX else _nothing
sync_directory: Callable[[str], None] = _sync_directory_on_posix if _ON_POSIX else _nothing
