"""A change of one line of a user's file, as a unified diff."""

from difflib import unified_diff
from pathlib import Path

from clearway.fronts.road import Location


def replaced(where: Location | None, old: str, new: str) -> str:
    """The line with a text in it replaced; empty where the line does not have it exactly once."""
    if where is None or not old:
        return ""
    try:
        before = Path(where.file).read_text("utf-8").splitlines(keepends=True)
    except (OSError, ValueError):
        return ""
    if where.line > len(before) or before[where.line - 1].count(old) != 1:
        return ""
    after = [*before]
    after[where.line - 1] = before[where.line - 1].replace(old, new)
    return diff(where.file, before, after)


def diff(file: str, before: list[str], after: list[str]) -> str:
    """Of the lines of a file, with their ends."""
    return "".join(unified_diff(before, after, f"a/{file.lstrip('/')}", f"b/{file.lstrip('/')}", n=1))
