"""What became of a fix."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from clearway.doctor.finding import Finding


class Status(StrEnum):
    """`shown`: would be done; `skipped`: is left to people, or there already; `failed`: was tried."""

    APPLIED = "applied"
    SHOWN = "shown"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """Of one finding: the files that were written, where the old ones are, and commands that are left to copy."""

    finding: Finding
    status: Status
    reason: str = ""
    files: Sequence[str] = ()
    backups: Sequence[str] = ()
    commands: Sequence[str] = ()

    def is_of(self, findings: Iterable[Finding]) -> bool:
        """Whether it is what became of one of these."""
        return any(self.finding is each for each in findings)

    def data(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "id": self.finding.id,
            "status": self.status.value,
            "reason": self.reason,
            "files": list(self.files),
            "backups": list(self.backups),
            "commands": list(self.commands),
        }
