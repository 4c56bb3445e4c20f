"""The octets of answers: small files from memory within a budget, large ones from an open file."""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from io import FileIO
from threading import Lock

from clearway.catalog.reading import open_refusing_links
from clearway.http.resource import Answer, Octets, StoredFile

BUDGET = 16 * 1024 * 1024  # octets of file content that one process keeps
LARGEST_KEPT = 256 * 1024  # octets of one file that is answered from memory
BLOCK = 256 * 1024  # octets per read of a larger one


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
    """A process's kept contents. Safe to use from many threads."""

    def __init__(self, budget: int = BUDGET, largest: int = LARGEST_KEPT) -> None:
        self._left, self._largest = budget, largest
        self._kept: dict[str, tuple[StoredFile, bytes]] = {}
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
            return OpenFile(opened, octets)
        with opened:
            data = opened.read(octets.file.size + 1)
        if len(data) != octets.file.size or _differs(data, octets.file):
            raise FileChangedError(f"{octets.file.path} is not what its release lists")
        self._keep(octets.file, data)
        return _part(data, octets)

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


def _differs(data: bytes, file: StoredFile) -> bool:
    return file.digest is not None and sha256(data).digest()[: len(file.digest)] != file.digest


def _part(data: bytes, octets: Octets) -> bytes:
    return data if octets.whole else data[octets.start : octets.start + octets.count]
