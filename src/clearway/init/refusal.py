"""What is left to a person: where, why, and the lines to write there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """An edit that would be a guess. `about` is a setting or a package; `line` counts from 1."""

    about: str
    path: Path
    line: int
    reason: str
    lines: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "about": self.about,
            "file": str(self.path),
            "line": self.line,
            "reason": self.reason,
            "lines": list(self.lines),
        }


class DoubtError(Exception):
    """A text does not say for certain what counts; the message says why, without the name of the file."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(reason)
        self.path, self.line, self.reason = path, line, reason

    def refusal(self, about: str, lines: tuple[str, ...]) -> Refusal:
        """The same for a reader."""
        return Refusal(about, self.path, self.line, self.reason, lines)
