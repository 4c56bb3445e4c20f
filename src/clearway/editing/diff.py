"""Edits as a unified diff: text in which octets that are no UTF-8 are escaped, so that it can be applied as it is."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff

from . import names
from .edit import Edit, lines

UNENDED = "\\ No newline at end of file"


def diff(edits: Iterable[Edit], context: int = 3) -> str:
    """Of all edits that change something, with so many lines around each change; for `patch -p0` from here."""
    return "".join(row for edit in edits for row in _rows(edit, context))


def _rows(edit: Edit, context: int) -> Iterator[str]:
    before, after = (_texts(data or b"") for data in (edit.before, edit.after))
    yield from unified(before, after, names.short(edit.path), context, is_new=edit.before is None)


def unified(
    before: Sequence[str], after: Sequence[str], name: str, context: int, *, is_new: bool = False
) -> Iterator[str]:
    """The rows for lines with their ends; each row ends in a line feed."""
    name = names.written(name)
    if is_new and not after:
        yield from (f"--- {names.ABSENT}\n", f"+++ {name}\n")
    for row in unified_diff(before, after, names.ABSENT if is_new else name, name, n=context):
        yield row if row.endswith("\n") else f"{row}\n{UNENDED}\n"


def _texts(data: bytes) -> list[str]:
    return [line.decode("utf-8", "surrogateescape") for line in lines(data)]
