"""What one examination found, in the order in which it is to be read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from .finding import Finding, Level


class Status(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FINDING = "finding"
    SKIPPED = "skipped"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Checked:
    """One check, and why it was skipped or how it crashed."""

    id: str
    status: Status
    reason: str = ""


@dataclass(frozen=True)
class Told:
    """A finding, the ids of those that follow from it, and whether it follows from another itself."""

    finding: Finding
    consequences: tuple[str, ...] = ()
    follows: bool = False


@dataclass(frozen=True)
class Report:
    """`told` are in order of causality; `about` says whose settings were read.

    `caution` is what a reader has to know first: that these settings are not those of production.
    """

    told: Sequence[Told]
    checks: Sequence[Checked]
    about: Sequence[str] = ()
    caution: str = ""

    @cached_property
    def counts(self) -> Counter[str]:
        """By level, and by the status of checks."""
        return Counter([*(each.finding.level for each in self.told), *(each.status for each in self.checks)])

    @property
    def roots(self) -> Iterator[Told]:
        """The findings that follow from no other."""
        return (each for each in self.told if not each.follows)

    @property
    def is_blind(self) -> bool:
        """Whether no check could look at anything."""
        return not any(self.counts[status] for status in (Status.PASSED, Status.FINDING, Status.CRASHED))

    def fails(self, level: Level) -> bool:
        """Whether something is as bad as `level`, or a check crashed; a note is advice and fails nothing."""
        bad = {Level.ERROR} if level == Level.ERROR else {Level.ERROR, Level.WARNING}
        return any(each.finding.level in bad for each in self.told) or self.counts[Status.CRASHED] > 0
