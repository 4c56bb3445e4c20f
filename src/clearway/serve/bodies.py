"""The octets of answers: small files from memory within a budget, large ones from an open file."""

import os
import stat
from collections.abc import Iterator
from hashlib import file_digest, sha256
from io import FileIO
from threading import Lock

from clearway.catalog.reading import open_refusing_links
from clearway.http.resource import Answer, Octets, StoredFile

BUDGET = 16 * 1024 * 1024  # octets of file content that one process keeps
LARGEST_KEPT = 256 * 1024  # octets of one file that is answered from memory
BLOCK = 256 * 1024  # octets per read of a larger one
LARGEST_VERIFIED = 64 * 1024 * 1024  # octets whose digest is checked, once, before the first answer


class FileChangedError(Exception):
    """A file is gone, or is no longer what its header fields would say."""


class OpenFile:
    """A part of an open file, read in blocks. Closing it twice does no harm."""

    def __init__(self, file: FileIO, octets: Octets) -> None:
        self.file = file
        self.whole = octets.whole
        self._left = octets.count
        if octets.start:
            file.seek(octets.start)

    def read(self) -> bytes:
        """The next block; empty at the end. Raises `FileChangedError` when the file has become too short."""
        block = self.file.read(min(BLOCK, self._left))
        if not block and self._left:
            raise FileChangedError(f"{self.file.name} became shorter while it was sent")
        self._left -= len(block)
        return block

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")

    def close(self) -> None:
        self.file.close()


Body = bytes | OpenFile


class Bodies:
    """A process's kept contents. Safe to use from many threads.

    No octet is sent under a digest that it does not have: small files are checked as they are kept, larger ones
    once for as long as they stay the same inode; a file that was listed must still lie where it was found.
    """

    def __init__(self, budget: int = BUDGET, largest: int = LARGEST_KEPT) -> None:
        self._left, self._largest = budget, largest
        self._kept: dict[str, tuple[StoredFile, bytes]] = {}
        self._verified: dict[str, tuple[StoredFile, Signature]] = {}
        self._lock = Lock()

    def in_memory(self, answer: Answer) -> bytes | None:
        """The body, unless the disk has to be read for it."""
        octets = answer.octets
        if octets is None:
            return answer.content
        kept = self._kept.get(octets.file.path)
        if kept is None or (kept[0] is not octets.file and kept[0] != octets.file):
            return None
        return _part(kept[1], octets)

    def body(self, answer: Answer) -> Body:
        """The body. Raises `FileChangedError` when its file is not what the answer says."""
        ready = self.in_memory(answer)
        if ready is not None:
            return ready
        assert answer.octets is not None
        return self._read(answer.octets)

    def _read(self, octets: Octets) -> Body:
        opened = open_file(octets.file)
        if octets.file.size > self._largest:
            return self._open(opened, octets)
        with opened:
            data = opened.read(octets.file.size + 1)
        if len(data) != octets.file.size or _differs(sha256(data).digest(), octets.file):
            raise FileChangedError(f"{octets.file.path} is not what it was when it was listed")
        self._keep(octets.file, data)
        return _part(data, octets)

    def _open(self, opened: FileIO, octets: Octets) -> OpenFile:
        try:
            self._verify(opened, octets.file)
            return OpenFile(opened, octets)
        except BaseException:
            opened.close()
            raise

    def _verify(self, opened: FileIO, file: StoredFile) -> None:
        if file.digest is None or file.size > LARGEST_VERIFIED:
            if file.mtime_ns is not None and os.path.realpath(file.path) != file.path:
                raise FileChangedError(f"{file.path} now lies behind a symbolic link")
            return
        seen = (file, _signature(opened))
        if self._verified.get(file.path) == seen:
            return
        if _differs(file_digest(opened, "sha256").digest(), file):
            raise FileChangedError(f"{file.path} is not what it was when it was listed")
        opened.seek(0)
        self._verified[file.path] = seen

    def _keep(self, file: StoredFile, data: bytes) -> None:
        """Make room by dropping what was read first: a hot file is soon back, and nothing is tracked on a hit."""
        with self._lock:
            self._drop(file.path)
            while self._kept and self._left < len(data):
                self._drop(next(iter(self._kept)))
            if self._left >= len(data):
                self._kept[file.path] = (file, data)
                self._left -= len(data)

    def _drop(self, path: str) -> None:
        dropped = self._kept.pop(path, None)
        if dropped:
            self._left += len(dropped[1])


def open_file(file: StoredFile) -> FileIO:
    """Open a regular file that still has its size. Raises `FileChangedError`."""
    try:
        opened = open_refusing_links(file.path)
    except (OSError, ValueError) as error:
        raise FileChangedError(f"{file.path} cannot be read: {error}") from error
    status = os.fstat(opened.fileno())
    edited = file.mtime_ns is not None and status.st_mtime_ns != file.mtime_ns
    if edited or status.st_size != file.size or not stat.S_ISREG(status.st_mode):
        opened.close()
        raise FileChangedError(f"{file.path} was changed")
    return opened


Signature = tuple[int, int, int, int]


def _signature(opened: FileIO) -> Signature:
    status = os.fstat(opened.fileno())
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def _differs(digest: bytes, file: StoredFile) -> bool:
    return file.digest is not None and digest[: len(file.digest)] != file.digest


def _part(data: bytes, octets: Octets) -> bytes:
    return data if octets.whole else data[octets.start : octets.start + octets.count]
