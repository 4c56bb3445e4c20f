"""Doing what was planned: files first, then commands; what fails is said, and keeps nothing else from being done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from clearway.doctor.finding import Finding
from clearway.editing import backup
from clearway.editing.errors import EditError
from clearway.editing.writing import Written, undo, write

from .action import Action, Done, Surroundings
from .outcome import Outcome, Status
from .plan import Plan, Planned
from .versions import is_dirty


@dataclass
class _Made:
    """What was done so far: by file and by action, or the reason why not."""

    written: dict[Path, Written | None] = field(default_factory=dict)  # None: it was so already
    done: dict[Action, Done] = field(default_factory=dict)
    failed: dict[object, str] = field(default_factory=dict)
    notes: dict[Path, str] = field(default_factory=dict)


def apply(plan: Plan, around: Surroundings) -> "Applied":
    """Do everything that is ready. Never raises for what cannot be done."""
    made = _Made()
    _write(plan, around, made)
    for action in _ordered(plan.ready, made):
        try:
            made.done[action] = action.do(around)
        except EditError as error:
            made.failed[action] = str(error)
    return Applied(plan, made)


@dataclass(frozen=True)
class Applied:
    """A plan that was carried out."""

    plan: Plan
    made: _Made

    def outcomes(self) -> list[Outcome]:
        """Every finding with what became of it."""
        return [_outcome(row, self.made) for row in self.plan.rows]

    def take_back(self, is_left: Callable[[Finding], bool]) -> None:
        """Undo the edits of files that cured none of the findings that they were for."""
        for path, written in list(self.made.written.items()):
            draft = self.plan.drafts[path]
            rows = [row for row in self.plan.ready if path in row.files]
            if written and draft.target == draft.source and all(is_left(row.finding) for row in rows):
                _undone(path, written, "it did not help, and was taken back", self.made)


def shown(plan: Plan) -> list[Outcome]:
    """The same where nothing is done, with the files that would be written."""
    return [
        Outcome(
            row.finding,
            Status.SKIPPED if row.reason else Status.SHOWN,
            row.reason,
            [str(path) for path in row.files],
            commands=row.copied,
        )
        for row in plan.rows
    ]


def _write(plan: Plan, around: Surroundings, made: _Made) -> None:
    python = [path for path in plan.drafts if path.suffix == ".py"]
    imported = bool(python) and not around.imports()
    for path, draft in plan.drafts.items():
        hidden = any(path.resolve().is_relative_to(each) for each in around.published)
        try:
            edit = draft.edit()
            dirty = edit.before is not None and not edit.is_empty and is_dirty(path)
            made.written[path] = None if edit.is_empty else write(edit, backup.hidden if hidden else backup.beside)
        except EditError as error:
            made.failed[path] = str(error)
        else:
            made.notes |= (
                {path: f"{path.name} had changes that git does not have; the backup has them"} if dirty else {}
            )
    if imported and (problem := around.imports()):
        _take_back(python, problem, made)


def _take_back(paths: Iterable[Path], problem: str, made: _Made) -> None:
    """The settings could be imported before, and cannot any more."""
    for path in paths:
        if written := made.written.get(path):
            _undone(path, written, f"the settings cannot be imported with it, so it was taken back: {problem}", made)


def _undone(path: Path, written: Written, why: str, made: _Made) -> None:
    undo(written)
    del made.written[path]
    made.notes.pop(path, None)
    made.failed[path] = why


def _ordered(rows: Iterable[Planned], made: _Made) -> list[Action]:
    """Each once, those of fixes whose files were written."""
    wanted = [action for row in rows if not any(path in made.failed for path in row.files) for action in row.actions]
    return sorted(dict.fromkeys(wanted), key=lambda action: action.rank)


def _outcome(row: Planned, made: _Made) -> Outcome:
    if row.reason:
        return Outcome(row.finding, Status.SKIPPED, row.reason, commands=row.copied)
    written = [each for path in row.files if (each := made.written.get(path))]
    done = [made.done[action] for action in row.actions if action in made.done]
    files = [*(str(each.path) for each in written), *(file for each in done for file in each.files)]
    kept = [*(str(each.backup) for each in written if each.backup), *(path for each in done for path in each.backups)]
    reasons = [made.failed[each] for each in (*row.files, *row.actions) if each in made.failed]
    status = Status.FAILED if reasons else Status.APPLIED if files else Status.SKIPPED
    notes = [
        *(made.notes[path] for path in row.files if path in made.notes),
        *(each.note for each in done if each.note),
    ]
    said = "; ".join(reasons or notes)
    return Outcome(row.finding, status, said, files, kept, row.copied)
