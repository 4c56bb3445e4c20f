"""Small changes of a file that a person wrote, as a unified diff; empty where the change would be a guess."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from clearway.editing.diff import diff
from clearway.editing.edit import Edit, lines, octets
from clearway.editing.errors import EditError
from clearway.fronts.road import Location

from .facts import is_installed

_CONTEXT = 1  # lines


def replaced(where: Location | None, old: str, new: str) -> str:
    """The line with a text in it replaced, which the line has exactly once."""
    there = read(where)
    if where is None or not old or where.line > len(there):
        return ""
    line = there[where.line - 1]
    if line.count(old.encode()) != 1:
        return ""
    there[where.line - 1] = line.replace(old.encode(), new.encode())
    return diff_of(where.file, there)


def read(where: Location | None) -> list[bytes]:
    """The lines of a file with their ends; none where it cannot be read, or belongs to an installed package."""
    if where is None or is_installed(where.file):
        return []
    try:
        return lines(octets(Path(where.file)) or b"")
    except EditError:
        return []


def diff_of(file: str, after: Iterable[bytes]) -> str:
    """What makes a file, as it is now, have these lines."""
    try:
        return diff([Edit.of(Path(file), b"".join(after))], _CONTEXT)
    except EditError:
        return ""


def ending(there: Sequence[bytes]) -> bytes:
    """How the lines of a file end."""
    return b"\r\n" if there and there[0].endswith(b"\r\n") else b"\n"
