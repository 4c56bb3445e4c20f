"""A step of a release, and why one ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .state import State


@dataclass(frozen=True)
class Cause:
    """What is at fault, by the doctor's id; `where` is a file with its line, or a URL.

    `page` is the command that says more."""

    id: str
    name: str
    message: str
    where: str = ""
    proof: tuple[str, ...] = ()
    fix: str = ""
    page: str = ""

    def to_json(self) -> dict[str, object]:
        """As programs read it."""
        return {**vars(self), "proof": list(self.proof)}


def named(causes: Sequence[Cause]) -> str:
    """The first one, and how many more there are."""
    more = f", and {len(causes) - 1} more" if len(causes) > 1 else ""
    return f"{causes[0].id} {causes[0].name}: {causes[0].message}{more}"


class FailedError(Exception):
    """A release that cannot go on.

    `causes` are the doctor's, `output` is what a command said, `urls` are those of the live site that it is about.
    """

    def __init__(self, message: str, causes: Sequence[Cause] = (), output: str = "", urls: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.causes, self.output, self.urls = tuple(causes), output, tuple(urls)


class KeptError(FailedError):
    """What nobody can take back: there was nothing before it."""


class Step(Protocol):
    """`name` is its place in the routine; what it does it can take back, also when it only began."""

    @property
    def name(self) -> str: ...

    def plan(self) -> str:
        """What it will do, in a line; empty when there is nothing for it to do here."""

    def run(self, state: State) -> str:
        """Do it, and say what was done. Raises `FailedError`."""

    def undo(self, state: State) -> str:
        """Take it back, and say how; empty when there is nothing to take back. Raises `FailedError`, `KeptError`."""
