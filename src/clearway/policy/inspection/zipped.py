"""What a ZIP holds (PKWARE, APPNOTE.TXT): an office document, a book, a program, or just files."""

import re
from collections.abc import Callable
from struct import unpack

from .octets import Octets, Parser, Past, Skip

_RECORD = Past(re.compile(rb"PK(?:\x01\x02|\x05\x06)"), 4)
_MARKS = {
    b"[content_types].xml": "ooxml",  # ISO/IEC 29500-2
    b"meta-inf/manifest.xml": "odf",  # ISO/IEC 26300-3
    b"meta-inf/container.xml": "epub",  # EPUB 3.3, 4.2.6
    b"meta-inf/manifest.mf": "program",
    b"classes.dex": "program",
}
_NEEDS = {
    "application/vnd.openxmlformats": "ooxml",
    "application/vnd.oasis.opendocument": "odf",
    "application/epub+zip": "epub",
}
ARCHIVE, PROGRAM = "application/zip", "application/java-archive"


def zipped(octets: Octets, marked: Callable[[frozenset[str]], None]) -> Parser:
    """Tells the marks of each central directory at its end; the last is that of the file."""
    marks: set[str] = set()
    while True:
        if (yield _RECORD).endswith(b"\x05\x06"):
            marked(frozenset(marks))
            marks.clear()
            continue
        name, extra, comment = unpack("<24xHHH12x", (yield 42))
        mark = _MARKS.get((yield name).lower())
        marks |= {mark} if mark else set()
        yield Skip(extra + comment)


def is_promised(named: str) -> bool:
    """Whether a media type says more than that there is a ZIP."""
    return named.startswith(tuple(_NEEDS))


def contradicts(named: str, marks: frozenset[str]) -> str | None:
    """The media type of a ZIP with these marks, where it is not the promised one."""
    if "program" in marks:
        return PROGRAM
    return None if any(mark in marks for start, mark in _NEEDS.items() if named.startswith(start)) else ARCHIVE
