"""From files on disk to a resource: digests on first use."""

import os
import stat
from hashlib import sha256
from io import FileIO

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import CODINGS
from clearway.http.resource import Resource, StoredFile
from clearway.http.validators import strong_tag

from .index import DIGEST_OCTETS
from .tree import Codings, DiskFile

LARGEST_DIGESTED = 8 * 1024 * 1024  # octets; reading more on first use would keep the first visitor waiting


def read_resource(
    url: str, codings: Codings, rules: HeaderRules, *, name: str = "", immutable: bool = False
) -> Resource | None:
    """The resource of a URL path; None when the file can no longer be read.

    `name` decides the media type where the URL does not end in the file's name.
    """
    try:
        rows = [(coding, _stored(codings[coding])) for coding in reversed(CODINGS) if coding in codings]
    except OSError:
        return None
    tagged = [(coding, file, _tag(file)) for coding, file in rows]
    modified = rows[0][1].mtime_ns or 0
    return rules.resource(url, tagged, modified=modified // 1_000_000_000, name=name, immutable=immutable)


def _stored(file: DiskFile) -> StoredFile:
    digest = None
    if file.size <= LARGEST_DIGESTED:
        with open_refusing_links(file.path) as opened:
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode) or (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
                raise FileNotFoundError(f"{file.path} was changed")
            digest = sha256(opened.read(LARGEST_DIGESTED + 1)).digest()[:DIGEST_OCTETS]
    return StoredFile(file.path, file.size, digest, file.mtime_ns)


def _tag(file: StoredFile) -> str:
    if file.digest is not None:
        return strong_tag(file.digest.hex())
    return strong_tag(f"{file.size:x}-{file.mtime_ns:x}")


# a link or a FIFO that took the file's place is refused instead of followed or waited for; Windows has neither flag
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def open_refusing_links(path: str) -> FileIO:
    """Open a file for unbuffered reading, unless its last component is a symbolic link. Raises OSError."""
    return FileIO(path, "rb", opener=lambda name, flags: os.open(name, flags | _FLAGS))
