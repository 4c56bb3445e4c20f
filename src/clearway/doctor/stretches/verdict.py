"""What keeps a sample from arriving: one cause, and the line it is in."""

from dataclasses import dataclass

from clearway.fronts.directive import Directive

from .passage import Passage


@dataclass(frozen=True)
class Verdict:
    """The cause by its name in the catalogue; `line` decides; `other` is the line that was meant instead.

    `told` is more proof, in words.
    """

    cause: str
    passage: Passage
    line: Directive | None = None
    other: Directive | None = None
    told: tuple[str, ...] = ()


def served_below(line: Directive | None) -> str:
    """The path of the URL that a line leads to files, in words."""
    if line is None or not line.words:
        return "another path"
    return line.words[0] if line.name == "alias" else line.words[-1]
