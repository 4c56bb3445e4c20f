"""The octets of answers: small files from memory within a budget, large ones from an open file."""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from io import FileIO
from threading import Lock

from clearway.catalog.beneath import open_beneath
from clearway.catalog.reading import digest_of, lies_at, open_refusing_links
from clearway.http.resource import Answer, Octets, StoredFile

from .page_cache import read_cached

BUDGET = 16 * 1024 * 1024  # octets of file content that one process keeps
LARGEST_KEPT = 256 * 1024  # octets of one file that is answered from memory
BLOCK = 256 * 1024  # octets per read of a larger one
LARGEST_VERIFIED = 64 * 1024 * 1024  # octets whose digest is checked, once, before the first answer
MOST_VERIFIED = 16_384  # of them that are remembered


class FileChangedError(Exception):
    """A file is gone, or is no longer what its header fields would say."""


class OpenFile:
    """A part of an open file, read in blocks, or sent by a server that is given it as a file."""

    def __init__(self, file: FileIO, octets: Octets) -> None:
        self.file = file
        self._end = octets.start + octets.count
        self.whole = octets.whole
        self.has_path = octets.file.below is None  # whoever opens the path again could be led elsewhere
        self.left = octets.count
        if octets.start:
            file.seek(octets.start)

    def read(self, size: int = BLOCK) -> bytes:
        """The next block; empty at the end. Raises `FileChangedError` when the file has become too short."""
        block = self.file.read(min(size, self.left) if size >= 0 else self.left)
        if not block and self.left:
            self._end = 0  # this is said once
            raise FileChangedError(f"{self.file.name} became shorter while it was sent")
        self.left -= len(block)
        return block

    def read_cached(self) -> bytes | None:
        """The next block, which may be short, if the system has it in memory; None where `read` is to be called."""
        block = read_cached(self.file, self.left)
        self.left -= len(block or b"")
        return block

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")

    def fileno(self) -> int:
        """For `sendfile` and the like."""
        return self.file.fileno()

    def tell(self) -> int:
        """The position from which a server sends."""
        return self.file.tell()

    @property
    def closed(self) -> bool:
        return self.file.closed

    def close(self) -> None:
        """Close; once more does no harm. Raises `FileChangedError` when a server cannot have sent what was announced.

        It must not keep the connection then: the client would take the next answer for the rest of this one.
        """
        if self.file.closed:
            return
        with self.file:
            if self.left and os.fstat(self.file.fileno()).st_size < self._end:
                raise FileChangedError(f"{self.file.name} became shorter while it was sent")


Body = bytes | OpenFile


class Bodies:
    """A process's kept contents. Safe to use from many threads.

    No octet is sent under a digest that it does not have: small files are checked as they are kept, larger ones
    once for as long as they stay the same inode and are among the last `verified` ones; a file that was listed must
    still lie where it was found.
    """

    def __init__(self, budget: int = BUDGET, largest: int = LARGEST_KEPT, *, verified: int = MOST_VERIFIED) -> None:
        self._left, self._largest, self._most_verified = budget, largest, verified
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
        return _part(kept[1], octets) if answer.sends_content else b""

    def at_once(self, answer: Answer) -> Body | None:
        """The body, from memory or from an open file that was verified before; None where it takes longer."""
        octets = answer.octets
        ready = self.in_memory(answer)
        if ready is not None or octets is None or not answer.sends_content:
            return ready
        if octets.file.size <= self._largest or not self._is_verified(octets.file):
            return None
        try:
            return self._open(open_file(octets.file), octets)
        except FileChangedError:
            return None

    def body(self, answer: Answer) -> Body:
        """The body. Raises `FileChangedError` when its file is not what the answer says."""
        ready = self.in_memory(answer)
        if ready is not None:
            return ready
        assert answer.octets is not None
        try:
            body = self._read(answer.octets)
        except OSError as error:
            raise FileChangedError(f"{answer.octets.file.path} cannot be read: {error}") from error
        return body if answer.sends_content else _kept_back(body)

    def _read(self, octets: Octets) -> Body:
        opened = open_file(octets.file)
        if octets.file.size > self._largest:
            return self._open(opened, octets)
        with opened:
            data = opened.read(octets.file.size + 1)
        if len(data) != octets.file.size or _differs(sha256(data).digest(), octets.file):
            raise FileChangedError(f"{octets.file.path} is not what it was when it was listed")
        if octets.file.below is None:  # users' files do not push out the site's own
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
            if not lies_at(opened, file.path):
                raise FileChangedError(f"{file.path} now lies behind a symbolic link")
            return
        seen = (file, _signature(opened))
        if self._verified.get(file.path) == seen:
            return
        if _differs(digest_of(opened, file.size), file):
            raise FileChangedError(f"{file.path} is not what it was when it was listed")
        opened.seek(0)
        self._remember(file.path, seen)

    def _remember(self, path: str, seen: "tuple[StoredFile, Signature]") -> None:
        with self._lock:
            self._verified.pop(path, None)
            while len(self._verified) >= self._most_verified:
                del self._verified[next(iter(self._verified))]
            self._verified[path] = seen

    def _is_verified(self, file: StoredFile) -> bool:
        known = self._verified.get(file.path)
        return file.digest is None or file.size > LARGEST_VERIFIED or (known is not None and known[0] == file)

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


def _kept_back(body: Body) -> bytes:
    if isinstance(body, OpenFile):
        body.close()
    return b""


def open_file(file: StoredFile) -> FileIO:
    """Open a regular file that still has its size. Raises `FileChangedError`."""
    try:
        opened = _opened(file)
    except (OSError, ValueError) as error:
        raise FileChangedError(f"{file.path} cannot be read: {error}") from error
    status = os.fstat(opened.fileno())
    edited = file.mtime_ns is not None and status.st_mtime_ns != file.mtime_ns
    if edited or status.st_size != file.size or not stat.S_ISREG(status.st_mode):
        opened.close()
        raise FileChangedError(f"{file.path} was changed")
    return opened


def _opened(file: StoredFile) -> FileIO:
    if file.below is None:
        return open_refusing_links(file.path)
    return open_beneath(file.below, file.path[len(file.below) :].lstrip("/" + os.sep))


Signature = tuple[int, int, int, int]


def _signature(opened: FileIO) -> Signature:
    status = os.fstat(opened.fileno())
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def _differs(digest: bytes, file: StoredFile) -> bool:
    return file.digest is not None and digest[: len(file.digest)] != file.digest


def _part(data: bytes, octets: Octets) -> bytes:
    return data if octets.whole else data[octets.start : octets.start + octets.count]
