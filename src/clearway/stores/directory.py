"""The transport over a directory.

Every write is whole or not there: a temporary file beside the target, fsync, rename; a directory likewise. Modes and
group are set through the descriptor, so that neither the umask nor the user who builds decides who can read.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from secrets import token_hex
from threading import Lock

TEMPORARY_PREFIX = ".clearway-"
TEMPORARY_SUFFIX = ".tmp"
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


class Directory:
    """Files below `root` by their names, `/` between the parts. Nothing is made before the first write."""

    def __init__(self, root: Path, modes: Modes | None = None) -> None:
        self.root = root
        self._modes = modes or Modes()
        self._unsynced: set[Path] = set()
        self._making = Lock()

    def read(self, name: str) -> bytes:
        """The whole file. Raises `FileNotFoundError` and what else opening a file raises."""
        return self._path(name).read_bytes()

    def head(self, name: str) -> Head | None:
        """Size and time of a file; None when there is none, or something that is not a file."""
        try:
            found = self._path(name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        is_file = found.st_mode & 0o170000 == 0o100000
        return Head(found.st_size, found.st_mtime_ns) if is_file else None

    def list(self, folder: str) -> Iterator[str]:
        """The names of the files directly in `folder`, sorted; none when it does not exist."""
        try:
            entries = sorted(entry.name for entry in self._path(folder).iterdir() if entry.is_file())
        except (FileNotFoundError, NotADirectoryError):
            return
        yield from (f"{folder}/{entry}" for entry in entries if not entry.startswith(TEMPORARY_PREFIX))

    def swap(self, name: str, data: bytes | Iterable[bytes]) -> None:
        """Put `data` at `name` in one step; a reader sees the old file or the new one. Durable after `flush`."""
        path = self._path(name)
        self._make(path.parent)
        temporary = _temporary(path)
        try:
            self._write(temporary, (data,) if isinstance(data, bytes) else data)
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        self._unsynced.add(path.parent)

    def create(self, name: str, data: bytes) -> bool:
        """Put `data` at `name` in one step unless something is there; whether it was put."""
        path = self._path(name)
        self._make(path.parent)
        temporary = _temporary(path)
        try:
            self._write(temporary, (data,))
            os.link(temporary, path)
        except FileExistsError:
            return False
        finally:
            temporary.unlink(missing_ok=True)
        self._unsynced.add(path.parent)
        return True

    def link(self, name: str, target: str) -> None:
        """Put a symbolic link to `target` at `name` in one step. Raises `OSError` where there are none."""
        path = self._path(name)
        self._make(path.parent)
        temporary = _temporary(path)
        temporary.symlink_to(target)
        try:
            temporary.replace(path)
        except OSError:
            temporary.unlink()
            raise
        self._unsynced.add(path.parent)

    def ensure(self) -> Path:
        """Make the root where there is none yet."""
        self._make(self.root)
        return self.root

    def delete(self, name: str) -> None:
        """Remove a file; nothing happens when there is none."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        self._unsynced.add(path.parent)

    def leftovers(self, before: int) -> Iterator[str]:
        """The temporary files that a killed run left, if they were not changed since `before` (seconds since 1970)."""
        for folder, _, files in os.walk(self.root):
            for path in (Path(folder, name) for name in files if _is_temporary(name)):
                with suppress(OSError):
                    if path.lstat().st_mtime < before:
                        yield path.relative_to(self.root).as_posix()

    def flush(self) -> None:
        """Make the renames so far durable, before something is written that relies on them."""
        while self._unsynced:
            _sync_directory(self._unsynced.pop())

    def _path(self, name: str) -> Path:
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts:
            raise ValueError(f"{name!r} leads out of {self.root}")
        return self.root / parts

    def _write(self, path: Path, chunks: Iterable[bytes]) -> None:
        with os.fdopen(os.open(path, _NEW_FILE, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            _adopt(file.fileno(), path.parent, self._modes.file)
            os.fsync(file.fileno())

    def _make(self, folder: Path) -> None:
        """One thread at a time: a rename onto an empty directory would take it away from who just made it."""
        if not folder.is_dir():
            with self._making:
                self._make_missing(folder)

    def _make_missing(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_missing(folder.parent)
        temporary = _temporary(folder)
        temporary.mkdir(0o700)
        try:
            _adopt_directory(temporary, self._modes.directory)
            temporary.rename(folder)
        except OSError:
            temporary.rmdir()
            if not folder.is_dir():  # another thread or process may have been first
                raise
        self._unsynced.add(folder.parent)


def _temporary(path: Path) -> Path:
    """A name beside `path` that nobody else uses and no catalog lists."""
    return path.with_name(f"{TEMPORARY_PREFIX}{token_hex(8)}{TEMPORARY_SUFFIX}")


def _is_temporary(name: str) -> bool:
    return name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX)


def _adopt_on_posix(descriptor: int, parent: Path, mode: int) -> None:
    """Give a new entry the group of the directory it lies in, where we may, and its mode."""
    group = parent.stat().st_gid
    if os.fstat(descriptor).st_gid != group:
        with suppress(PermissionError):
            os.fchown(descriptor, -1, group)
    os.fchmod(descriptor, mode)


def _adopt_directory_on_posix(folder: Path, mode: int) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _adopt_on_posix(descriptor, folder.parent, mode)
    finally:
        os.close(descriptor)


def _sync_directory_on_posix(folder: Path) -> None:
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


# chosen once: what a new file, a new directory and a changed directory need on this system
_ON_POSIX = os.name == "posix"
_adopt: Callable[[int, Path, int], None] = _adopt_on_posix if _ON_POSIX else _nothing
_adopt_directory: Callable[[Path, int], None] = _adopt_directory_on_posix if _ON_POSIX else _nothing
_sync_directory: Callable[[Path], None] = _sync_directory_on_posix if _ON_POSIX else _nothing
