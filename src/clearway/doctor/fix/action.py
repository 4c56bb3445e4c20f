"""What a fix does beside edits: each kind is known here, and nothing else is ever run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol


@dataclass(frozen=True)
class Done:
    """The files that changed, where is what they were before, and what else there is to say."""

    files: Sequence[str] = ()
    backups: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Surroundings:
    """The project that is mended.

    `inside` are the directories whose files are its own, `published` those that collectstatic copies from. `collect`
    runs collectstatic with these options, and `imports` the settings, both in a new process; each gives back what went
    wrong, and nothing where all went well.
    """

    inside: Sequence[Path]
    published: Sequence[Path]
    static_root: str
    collect: Callable[[Sequence[str]], str]
    imports: Callable[[], str]


class Action(Protocol):
    """One command, done without a shell. `rank` says in which order: smaller ones first."""

    rank: ClassVar[int]

    def do(self, around: Surroundings) -> Done:
        """Raises `EditError` with the reason where it cannot be done."""
        ...
