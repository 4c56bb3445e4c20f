"""Other names in lines of a project's own files, as a unified diff."""

import re
from collections.abc import Iterable, Iterator

from .facts import Use
from .line_edit import diff_of, read

_BEFORE = (b"/", b'"', b"'", b"(", b" ", b"=")


def renamed(pairs: Iterable[tuple[Use, str]]) -> str:
    """The diff that writes the second of each pair for the name of the use; lines that cannot be read are left out."""
    by_file: dict[str, list[tuple[Use, str]]] = {}
    for use, right in pairs:
        by_file.setdefault(use.location.file, []).append((use, right))
    return "".join(_diffs(by_file))


def _diffs(by_file: dict[str, list[tuple[Use, str]]]) -> Iterator[str]:
    for file, pairs in by_file.items():
        there = read(pairs[0][0].location)
        for use, right in pairs:
            if there and use.location.line <= len(there):
                there[use.location.line - 1] = _edited(there[use.location.line - 1], use.name, right)
        if there:
            yield diff_of(file, there)


def _edited(line: bytes, name: str, right: str) -> bytes:
    """Alone, or at the end of a longer path, of which the beginning is right already."""
    alone = re.compile(rb"(?<![\w./-])" + re.escape(name.encode()) + rb"(?![\w./-])")
    edited = alone.sub(lambda _: right.encode(), line, count=1)
    return edited if edited != line else next(_ends_edited(line, name, right), line)


def _ends_edited(line: bytes, name: str, right: str) -> Iterator[bytes]:
    """With the longest end of the name that the line has once, where names differ in capital letters alone."""
    if name.casefold() != right.casefold() or len(name) != len(right):
        return
    for at in (0, *(place + 1 for place, letter in enumerate(name) if letter == "/")):
        end, good = name[at:].encode(), right[at:].encode()
        if name[:at] == right[:at] and line.count(end) == 1 and line[line.index(end) - 1 :][:1] in _BEFORE:
            yield line.replace(end, good)
