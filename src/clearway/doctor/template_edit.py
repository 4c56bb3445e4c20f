"""The edit of one name in one line of a project's own file, as a unified diff."""

import re
from difflib import unified_diff
from pathlib import Path

from clearway.fronts.rendering.words import short

from .facts import Use


def renamed(use: Use, right: str) -> str:
    """The diff that writes `right` for the name of a use; empty where its line cannot be read."""
    try:
        lines = Path(use.location.file).read_text("utf-8").splitlines(keepends=True)
        line = lines[use.location.line - 1]
    except (OSError, ValueError, IndexError):
        return ""
    alone = re.compile(rf"(?<![\w./-]){re.escape(use.name)}(?![\w./-])")
    edited = alone.sub(lambda _: right, line, count=1)
    after = [*lines[: use.location.line - 1], edited, *lines[use.location.line :]]
    name = short(use.location.file)
    return "".join(unified_diff(lines, after, name, name, n=1)) if edited != line else ""
