"""Files that are written whole before they have a name that anybody could ask for.

Linux writes them without any name (O_TMPFILE), so that a crash leaves nothing. Elsewhere the name is hidden, and what a
crash left is removed a day later. An upload that lies on the disk already keeps the name that Django gave it.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import file_digest
from io import BufferedReader

from clearway.policy.signatures import HEAD
from clearway.stores.directory import adopt, is_temporary, sync_directory, temporary_path

_UNNAMED = getattr(os, "O_TMPFILE", None)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_AGE = 86_400  # seconds after which nobody writes a temporary file any more
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EMLINK})


class Draft:
    """An open file for `folder`. `path` is a name that nobody is served; None while it has none."""

    def __init__(self, folder: str, descriptor: int, path: str | None) -> None:
        self._folder, self._descriptor, self._path = folder, descriptor, path

    def write(self, chunks: Iterable[bytes]) -> None:
        """All of the content."""
        with os.fdopen(os.dup(self._descriptor), "wb") as file:
            file.writelines(chunks)

    def head(self) -> bytes:
        """As much of the content as shows its type."""
        with self.reading() as file:
            return file.read(HEAD)

    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        with self.reading() as file:
            return file_digest(file, "sha256").hexdigest()

    def reading(self) -> BufferedReader:
        """All of the content, from its beginning."""
        file = os.fdopen(os.dup(self._descriptor), "rb")
        file.seek(0)
        return file

    def settle(self, mode: int) -> None:
        """Give it its mode and group, whatever the umask, and wait until it is on the disk."""
        adopt(self._descriptor, self._folder, mode)
        os.fsync(self._descriptor)

    def give(self, path: str) -> None:
        """Its name, in a directory of the same file system, in one step. Raises `FileExistsError` where one is."""
        if self._path is None:
            source = f"/proc/self/fd/{self._descriptor}"
            os.link(source, path, src_dir_fd=self._descriptor, follow_symlinks=True)  # the former for linkat to be used
        else:
            _link(self._path, path)
        sync_directory(os.path.dirname(path))

    def replace(self, path: str) -> None:
        """Its name, in the place of what is there."""
        if self._path is None:
            hidden = temporary_path(os.path.dirname(path))
            self.give(hidden)
            self._path = hidden
        os.replace(self._path, path)
        self._path = None
        sync_directory(os.path.dirname(path))

    def close(self) -> None:
        """Close the file and remove that name."""
        os.close(self._descriptor)
        if self._path is not None:
            with suppress(FileNotFoundError):
                os.unlink(self._path)


def new_draft(folder: str) -> Draft:
    """An empty file in a directory."""
    _sweep(folder)
    return _unnamed(folder) or _hidden(folder)


def moved_draft(path: str, folder: str) -> Draft | None:
    """The file at `path`, to be taken from there; None where it has to be copied: no link can be made across disks."""
    _sweep(folder)
    probe = temporary_path(folder)
    try:
        if os.path.islink(path):
            return None
        os.link(path, probe)
        os.unlink(probe)
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    return Draft(folder, descriptor, path)


def _unnamed(folder: str) -> Draft | None:
    if _UNNAMED is None:
        return None
    try:
        descriptor = os.open(folder, _UNNAMED | os.O_RDWR, 0o600)
    except OSError:  # of many kinds: each file system that cannot says so in its own way
        return None
    if os.path.exists(f"/proc/self/fd/{descriptor}"):
        return Draft(folder, descriptor, None)
    os.close(descriptor)
    return None


def _hidden(folder: str) -> Draft:
    path = temporary_path(folder)
    return Draft(folder, os.open(path, _NEW, 0o600), path)


def _link(hidden: str, path: str) -> None:
    try:
        os.link(hidden, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _reserve(hidden, path)


def _reserve(hidden: str, path: str) -> None:
    """Without links: take the name with an empty file first, so that nothing is overwritten."""
    os.close(os.open(path, _NEW, 0o600))
    try:
        os.replace(hidden, path)
    except OSError:
        os.unlink(path)
        raise


@lru_cache(1024)
def _sweep(folder: str) -> None:
    """Remove what crashes left in a directory: once for each that a process writes to, of the last 1,024."""
    before = time.time() - _AGE
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_temporary(entry.name):
                with suppress(OSError):
                    _remove(entry, before)


def _remove(entry: os.DirEntry[str], before: float) -> None:
    status = entry.stat(follow_symlinks=False)
    if status.st_mtime < before:
        remove: Callable[[str], None] = os.rmdir if stat.S_ISDIR(status.st_mode) else os.unlink
        remove(entry.path)
