"""From files on disk to a resource: digests on first use."""

import errno
import os
import stat
import time
from collections.abc import Iterator
from hashlib import sha256
from io import FileIO

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import CODINGS, IDENTITY
from clearway.http.resource import Resource, StoredFile
from clearway.http.validators import strong_tag

from .index import DIGEST_OCTETS
from .tree import Codings, DiskFile

_PAUSES = (0.0, 0.002, 0.02)  # seconds before each attempt: rewriting a file may take that long
LARGEST_RECORD = 1 << 30  # octets; a million names need a fifth of that
LARGEST_DIGESTED = 8 * 1024 * 1024  # octets; reading more on first use would keep the first visitor waiting


def attempts() -> Iterator[None]:
    """Tries at reading a file that may be replaced or rewritten meanwhile, and is there all the same."""
    for pause in _PAUSES:
        time.sleep(pause)
        yield


def read_resource(
    url: str, codings: Codings, rules: HeaderRules, *, name: str = "", immutable: bool = False
) -> Resource | None:
    """The resource of a URL path; None when the file can no longer be read.

    `name` decides the media type where the URL does not end in the file's name.
    """
    stored = {coding: file for coding, found in codings.items() if (file := _stored(found))}
    if IDENTITY not in stored:
        return None
    tagged = [(coding, stored[coding], tag_of(stored[coding])) for coding in reversed(CODINGS) if coding in stored]
    modified = not_future((stored[IDENTITY].mtime_ns or 0) // 1_000_000_000)
    return rules.resource(url, tagged, modified=modified, name=name, immutable=immutable)


def not_future(seconds: int) -> int | None:
    """A time since 1970 unless it is yet to come, which no Last-Modified may name (RFC 9110 §8.8.2.1)."""
    return seconds if seconds <= time.time() else None


def _stored(file: DiskFile) -> StoredFile | None:
    """The file with its digest, where it is not too large; None when it cannot be read or is another one now."""
    if file.size > LARGEST_DIGESTED:
        return StoredFile(file.path, file.size, None, file.mtime_ns)
    try:
        with open_refusing_links(file.path) as opened:
            if not _is_still(file, opened):
                return None
            digest = digest_of(opened, file.size)[:DIGEST_OCTETS]
    except OSError:
        return None
    return StoredFile(file.path, file.size, digest, file.mtime_ns)


def digest_of(opened: FileIO, size: int) -> bytes:
    """The SHA-256 digest of a file of `size` octets; another one when it has grown since, without reading all of it."""
    digest, block, left = sha256(), memoryview(bytearray(min(_BLOCK, size + 1))), size + 1
    while left > 0 and (number := opened.readinto(block[:left])):
        digest.update(block[:number])
        left -= number
    return digest.digest()


def _is_still(file: DiskFile, opened: FileIO) -> bool:
    status = os.fstat(opened.fileno())
    is_same = (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)
    return is_same and stat.S_ISREG(status.st_mode) and lies_at(opened, file.path)


def tag_of(file: StoredFile) -> str:
    if file.digest is not None:
        return strong_tag(file.digest.hex())
    return strong_tag(f"{file.size:x}-{file.mtime_ns:x}")


_BLOCK = 256 * 1024  # octets; what a thread has once allocated in one piece, its process may never give back

# a link or a FIFO that took the file's place is refused instead of followed or waited for; Windows has neither flag
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | _AT_ONCE


def open_refusing_links(path: str) -> FileIO:
    """Open a file for unbuffered reading, unless its last component is a symbolic link. Raises OSError."""
    return FileIO(path, "rb", opener=lambda name, flags: os.open(name, flags | _FLAGS))


def lies_at(opened: FileIO, path: str) -> bool:
    """Whether an open file was found at a path that has no symbolic link in it, also not while it was opened."""
    try:
        return os.readlink(f"/proc/self/fd/{opened.fileno()}") == path
    except OSError:  # only Linux tells
        return os.path.realpath(path) == path


def open_regular(path: str) -> FileIO:
    """Open a file for unbuffered reading. Raises OSError, also for what is no regular file, which is not waited for."""
    opened = FileIO(path, "rb", opener=lambda name, flags: os.open(name, flags | _AT_ONCE))
    if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        return opened
    opened.close()
    raise OSError(errno.EINVAL, "not a regular file", path)


def read_record(path: str) -> bytes:
    """A file of Clearway's own, whole. Raises OSError, also for what is no regular file or larger than any record."""
    with open_regular(path) as opened:
        if os.fstat(opened.fileno()).st_size > LARGEST_RECORD:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return opened.read()
