"""What the doctor reports: one cause, with its proof and what to do."""

from dataclasses import dataclass, field
from enum import StrEnum

from clearway.fronts.road import Location


class Level(StrEnum):
    """`error`: fails now; `warning`: a risk that was observed; `note`: advice."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Safety(StrEnum):
    """Whether `--fix` may do it: `safe` always, `unsafe` when asked for, `manual` never."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


@dataclass(frozen=True)
class Fix:
    """What cures a finding: in words, as a unified diff for `patch -p0`, as commands; words alone are `manual`."""

    summary: str
    safety: Safety = Safety.MANUAL
    diff: str = ""
    commands: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.diff and not self.commands:
            object.__setattr__(self, "safety", Safety.MANUAL)


@dataclass(frozen=True)
class Finding:
    """One cause. `evidence` is what was observed, a line each, never what is supposed.

    `breaks` says which stretches of the road do not work because of it: `static`, `media`, `uploads`, or one file as
    `static:css/site.css`. What is found further on along such a stretch is its consequence.
    """

    id: str
    name: str
    cause: str | None
    level: Level
    message: str
    evidence: tuple[str, ...]
    fix: Fix
    location: Location | None = None
    effect: str = ""
    breaks: frozenset[str] = field(default_factory=frozenset)

    def covers(self, other: "Finding") -> bool:
        """Whether every stretch that the other breaks is broken by this one already."""
        return bool(other.breaks) and all(self._covers(stretch) for stretch in other.breaks)

    def _covers(self, stretch: str) -> bool:
        return stretch in self.breaks or stretch.partition(":")[0] in self.breaks
