"""A report as text: a block for each cause, a line for what follows from it, at most 80 columns where names allow."""

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from clearway.doctor.finding import Finding, Level
from clearway.doctor.registry import all_checks as known_checks
from clearway.doctor.report import Report, Status, Told
from clearway.fronts.rendering.words import clean, where

from .words import said

if TYPE_CHECKING:
    from clearway.releases.text import Paint

_WIDTH = 80
_COLUMN = 10
_STYLES = {Level.ERROR: "red", Level.WARNING: "bold", Level.NOTE: "dim"}
_DIFF = {"+": "green", "-": "red", "@": "dim"}


def lines(report: Report, paint: "Paint", *, quiet: bool = False, all_checks: bool = False) -> list[str]:
    """Causes first, the count last; nothing at all where nothing is wrong and `quiet`."""
    roots = list(report.roots)
    crashed = [each for each in report.checks if each.status == Status.CRASHED]
    if not roots and not crashed and quiet:
        return []
    told = _about(report, paint, whole=bool(roots or all_checks))
    for each in roots:
        told += [*_block(each, report, paint), ""]
    told += [
        f"{each.id} crashed: {clean(each.reason)}; this is a fault of Clearway, please report it" for each in crashed
    ]
    told += list(_checks(report, paint)) if all_checks else []
    return [*told, _last(report, paint, hint=not all_checks)]


def _about(report: Report, paint: "Paint", *, whole: bool) -> list[str]:
    """Whose settings were read; of a healthy project only what may make that worthless."""
    told = [*(report.about if whole else ()), *([report.caution] if report.caution else ())]
    rows = [row for each in told for row in wrap(said(each), _WIDTH)]
    return [*(paint(row, "dim") for row in rows), *([""] if whole and rows else [])]


def _block(told: Told, report: Report, paint: "Paint") -> Iterator[str]:
    finding = told.finding
    yield paint(f"{finding.level.value:<{_COLUMN - 1}} {finding.id} {finding.name}", _STYLES[finding.level])
    yield from _row("what", finding.message)
    for place, each in enumerate(finding.evidence):
        yield from _row("" if place else "proof", each)
    if finding.location:
        yield from _row("where", where(finding.location))
    if finding.effect:
        yield from _row("effect", finding.effect)
    yield from _fix(finding, paint)
    if told.consequences:
        yield from _row("causes", ", ".join(_names(told, report)))
    yield from _row("more", f"clearway explain {finding.id}")


def _fix(finding: Finding, paint: "Paint") -> Iterator[str]:
    yield from _row("fix", finding.fix.summary)
    for command in finding.fix.commands:
        yield f"{'':<{_COLUMN}}    {clean(command)}"
    for line in finding.fix.diff.splitlines():
        row = f"{'':<{_COLUMN}}    {clean(line)}"
        yield paint(row, _DIFF[line[0]]) if line[:1] in _DIFF else row


def _names(told: Told, report: Report) -> list[str]:
    names = {each.finding.id: each.finding.name for each in report.told}
    return [f"{id_} {names[id_]}" for id_ in told.consequences]


def _row(label: str, text: str) -> Iterator[str]:
    rows = wrap(said(text), _WIDTH - _COLUMN, break_long_words=False, break_on_hyphens=False) or [""]
    for place, row in enumerate(rows):
        yield f"  {'' if place else label:<{_COLUMN - 2}}{row}"


def _checks(report: Report, paint: "Paint") -> Iterator[str]:
    """Every check that passed, then why others could not look, each reason once."""
    names = {check.rule.id: check.rule.name for check in known_checks()}
    for each in report.checks:
        if each.status == Status.PASSED:
            yield paint(f"{'passed':<{_COLUMN - 1}} {each.id} {names.get(each.id, '')}".rstrip(), "dim")
    skipped: dict[str, list[str]] = {}
    for each in report.checks:
        if each.status == Status.SKIPPED:
            skipped.setdefault(each.reason, []).append(each.id)
    for reason, ids in skipped.items():
        rows = [*wrap(said(reason), _WIDTH - _COLUMN), *wrap(" ".join(ids), _WIDTH - _COLUMN)]
        yield from (paint(f"{'' if place else 'skipped':<{_COLUMN}}{row}", "dim") for place, row in enumerate(rows))
    yield ""


def _last(report: Report, paint: "Paint", *, hint: bool) -> str:
    counts = report.counts
    skipped = f"{counts[Status.SKIPPED]} skipped{' (-v 2 says why)' if hint and counts[Status.SKIPPED] else ''}"
    checked = f"{_counted(counts[Status.PASSED], 'check')} passed, {skipped}"
    if report.is_blind:
        return f"clearway: nothing could be looked at: {skipped}"
    if not report.told and not counts[Status.CRASHED]:
        return f"clearway: {paint('nothing is wrong', 'green')}: {checked}"
    found = [_counted(counts[level], level.value) for level in Level if counts[level]]
    crashed = [f"{counts[Status.CRASHED]} crashed"] if counts[Status.CRASHED] else []
    return f"clearway: {', '.join([*found, checked, *crashed])}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
