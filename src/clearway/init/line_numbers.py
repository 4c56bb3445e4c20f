"""Where a line is after other lines came or went."""

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher


def counterpart(here: Sequence[Hashable], there: Sequence[Hashable], line: int) -> int:
    """The line of `there` that stands for one of `here`, counted from 1; of a changed one the first in its place."""
    for kind, first, last, other, _ in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if first < line <= last:
            return other + (line - first if kind == "equal" else 1)
    return line
