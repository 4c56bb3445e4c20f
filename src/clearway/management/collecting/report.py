"""What a run has to say: as text for people, as one JSON object for programs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clearway.build.policy import Verdict
from clearway.build.problems import SHOWN, listed
from clearway.build.size_report import SizeReport
from clearway.catalog.release import Release

from .clearing import Cleared

SCHEMA = 1


@dataclass(frozen=True)
class Changes:
    """Logical names by what becomes of them, against the release that is current."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    @classmethod
    def between(cls, old: Mapping[str, str], new: Mapping[str, str]) -> "Changes":
        """From published names by logical names, before and after."""
        changed = tuple(name for name in new if name in old and old[name] != new[name])
        added = tuple(name for name in new if name not in old)
        removed = tuple(name for name in sorted(old) if name not in new)
        return cls(added, changed, removed, len(new) - len(added) - len(changed))

    def counted(self) -> str:
        """In words."""
        counts = {"new": self.new, "changed": self.changed, "removed": self.removed}
        words = [f"{len(names):,} {word}" for word, names in counts.items() if names]
        words += [f"{self.unchanged:,} unchanged"] if self.unchanged or not words else []
        return ", ".join(words)


@dataclass
class Report:
    """Everything that is known at the end of a run; the release is None when there is none."""

    dry_run: bool = False
    destination: str = ""
    release: Release | None = None
    references: Verdict = field(default_factory=Verdict)
    guard: Verdict = field(default_factory=Verdict)
    changes: Changes = field(default_factory=Changes)
    cleared: Cleared | None = None
    counts: dict[str, int] = field(default_factory=dict)
    size: SizeReport | None = None
    overdue: int = 0

    @property
    def verdict(self) -> Verdict:
        """What the references and the guard found together."""
        return self.references + self.guard

    def problems(self, verbosity: int) -> str:
        """Warnings, and at higher verbosity notes; no errors, which are the exception's."""
        notes = self.verdict.notes if verbosity > 1 else ()
        return listed(self.verdict.warnings + notes, SHOWN if verbosity < 2 else None)

    def text(self, verbosity: int) -> str:
        """The lines below Django's own."""
        return "\n".join(self._lines(verbosity))

    def _lines(self, verbosity: int) -> Iterator[str]:
        if self.dry_run:
            yield "Dry run: nothing was written."
        if self.release:
            state = "would be made" if self.dry_run else "is current"
            yield f"Release {self.release.id} {state}: {self.changes.counted()}."
        if verbosity > 1:
            yield from self.changed_names()
        if self.size is not None and not self.dry_run:
            yield from self.size.lines()[: None if verbosity > 1 else 1]
        if self.cleared:
            yield from self._cleared()
        if self.overdue:
            count = "1 release is" if self.overdue == 1 else f"{self.overdue} releases are"
            yield f"{count} past retention; to remove what only old releases list: clearway prune"

    def changed_names(self) -> Iterator[str]:
        """New, changed and removed files, one a line."""
        for word in ("new", "changed", "removed"):
            for name in getattr(self.changes, word):
                published = f" as {self.release.assets[name].name}" if self.release and word != "removed" else ""
                yield f"  {word:<8}{name}{published}"

    def _cleared(self) -> Iterator[str]:
        if self.cleared:
            verb = "would delete" if self.dry_run else "deleted"
            yield f"--clear {verb} {_files(len(self.cleared.deleted))} that no retained release lists" + (
                f"; {_files(self.cleared.kept)} of earlier releases stay." if self.cleared.kept else "."
            )

    def to_json(self) -> dict[str, Any]:
        """For `--format json`. The guard's findings are apart from those of the references, of whatever level."""
        guard = self.guard
        return {
            "schema": SCHEMA,
            "ok": not self.verdict.errors,
            "dry_run": self.dry_run,
            "destination": self.destination,
            "release": self.release.id if self.release else None,
            "counts": {
                **self.counts,
                "new": len(self.changes.new),
                "changed": len(self.changes.changed),
                "removed": len(self.changes.removed),
                "unchanged": self.changes.unchanged,
                "errors": len(self.verdict.errors),
                "warnings": len(self.verdict.warnings),
            },
            "changes": {word: list(getattr(self.changes, word)) for word in ("new", "changed", "removed")},
            "problems": [problem.to_json() for problem in self.references.errors],
            "warnings": [problem.to_json() for problem in self.references.warnings],
            "guard": [problem.to_json() for problem in guard.errors + guard.warnings + guard.notes],
            "cleared": {"deleted": list(self.cleared.deleted), "kept": self.cleared.kept} if self.cleared else None,
            "size": self.size.to_json() if self.size else None,
            "overdue": self.overdue,
        }


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
