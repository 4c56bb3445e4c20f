"""What became of a release."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .step import Cause

ABORT = "abort"
"""What failed where somebody asked for the way back."""


class Status(StrEnum):
    """How a step ended."""

    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    NOT_UNDONE = "not undone"
    KEPT = "kept"


@dataclass(frozen=True)
class Ran:
    """One step: how it ended, after how many seconds, what it says, and the end of what its command said."""

    name: str
    status: Status
    seconds: float = 0
    text: str = ""
    output: str = ""
    causes: tuple[Cause, ...] = ()

    def to_json(self) -> dict[str, object]:
        """As programs read it."""
        return {
            "name": self.name,
            "status": self.status.value,
            "seconds": round(self.seconds, 3),
            "text": self.text,
            "output": self.output,
            "causes": [each.to_json() for each in self.causes],
        }


@dataclass(frozen=True)
class Outcome:
    """`rolled_back` is None when there was nothing to take back, False when that failed or cannot be."""

    ran: Sequence[Ran] = field(default_factory=list)
    failed: Ran | None = None
    rolled_back: bool | None = None

    @property
    def is_done(self) -> bool:
        """Whether the new release is live."""
        return self.failed is None

    @property
    def is_stuck(self) -> bool:
        """Whether something was not taken back that may be with another try."""
        return any(ran.status == Status.NOT_UNDONE for ran in self.ran)

    @property
    def is_aborted(self) -> bool:
        """Whether somebody asked for the way back."""
        return self.failed is not None and self.failed.name == ABORT

    @property
    def code(self) -> int:
        """0 when what was asked for was done, else 1."""
        return int(self.rolled_back is False if self.is_aborted else not self.is_done)
