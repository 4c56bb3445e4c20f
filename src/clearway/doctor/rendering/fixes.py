"""What `--fix` would do, and what it did, as text: a block for each finding."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clearway.doctor.fix.outcome import Outcome, Status
from clearway.doctor.fix.plan import Plan, Planned
from clearway.editing.names import short

from .text import commands, diff, row

if TYPE_CHECKING:
    from clearway.releases.text import Paint

_TITLES = {Status.APPLIED: "done", Status.SHOWN: "fix", Status.SKIPPED: "left", Status.FAILED: "failed"}
_STYLES = {Status.APPLIED: "green", Status.SHOWN: "bold", Status.SKIPPED: "dim", Status.FAILED: "red"}
_SHOWN = 5  # files and backups of one fix


def proposed(plan: Plan, paint: "Paint") -> list[str]:
    """Each fix that can be done with all that it changes, then those that are left."""
    told = [line for each in plan.ready for line in (*_proposal(each, plan, paint), "")]
    return [*told, *(line for each in plan.rows if each.reason for line in (*_left(each, paint), ""))]


def done(outcomes: Iterable[Outcome], paint: "Paint") -> list[str]:
    """What became of those that were tried."""
    return [line for each in outcomes for line in _ended(each, paint)]


def _proposal(planned: Planned, plan: Plan, paint: "Paint") -> Iterator[str]:
    finding = planned.finding
    yield _title(Status.SHOWN, finding.id, finding.name, paint)
    yield from row("what", finding.message)
    yield from row("do", finding.fix.summary)
    yield from diff(finding.fix.diff, paint)
    beside = [plan.drafts[path] for path in planned.files if plan.drafts[path].target != plan.drafts[path].source]
    for draft in beside:
        yield from row("into", f"{short(draft.target)}; {short(draft.source)} stays as it is")
    yield from commands([each for each in finding.fix.commands if each not in planned.copied], paint)


def _left(planned: Planned, paint: "Paint") -> Iterator[str]:
    finding = planned.finding
    yield _title(Status.SKIPPED, finding.id, finding.name, paint)
    yield from row("why", planned.reason)
    if planned.files:
        yield from row("then", "run yourself:")
        yield from commands(planned.copied, paint)


def _ended(outcome: Outcome, paint: "Paint") -> Iterator[str]:
    yield _title(outcome.status, outcome.finding.id, outcome.finding.name, paint)
    if outcome.reason:
        yield from row("why" if outcome.status in (Status.FAILED, Status.SKIPPED) else "note", outcome.reason)
    for label, paths in (("files", outcome.files), ("before", outcome.backups)):
        for place, path in enumerate(_some(paths)):
            yield from row("" if place else label, path)
    if outcome.commands and outcome.status != Status.FAILED:
        yield from row("then", "run yourself:")
        yield from commands(outcome.commands, paint)


def _some(paths: Iterable[str]) -> list[str]:
    names = [short(Path(path)) for path in paths]
    return names if len(names) <= _SHOWN else [*names[:_SHOWN], f"and {len(names) - _SHOWN} more"]


def _title(status: Status, id_: str, name: str, paint: "Paint") -> str:
    return paint(f"{_TITLES[status]:<9} {id_} {name}", _STYLES[status])
