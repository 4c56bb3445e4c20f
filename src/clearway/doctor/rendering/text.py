"""A report as text: a block for each cause, a line for what follows from it, at most 80 columns where names allow."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from clearway.doctor.evidence import counted
from clearway.doctor.finding import Finding, Level
from clearway.doctor.registry import all_checks as known_checks
from clearway.doctor.report import Checked, Report, Status, Told
from clearway.fronts.rendering.words import clean, where

from .words import by_reason, mended_by, said, shown, some_of

if TYPE_CHECKING:
    from clearway.releases.text import Paint

_WIDTH = 80
_COLUMN = 10
_MOST = 40  # lines of a diff
_STYLES = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "dim"}
_DIFF = {"+++": "dim", "---": "dim", "+": "green", "-": "red", "@": "dim"}  # a head, else a sign


def lines(report: Report, paint: "Paint", *, quiet: bool = False, all_checks: bool = False) -> list[str]:
    """Causes first, the count last; nothing at all where nothing is wrong and `quiet`."""
    roots = list(report.roots)
    crashed = [each for each in report.checks if each.status == Status.CRASHED]
    if not roots and not crashed and quiet:
        return []
    told = _about(report, paint, whole=bool(roots or all_checks))
    for each in roots:
        told += [*_block(each, report, paint), ""]
    told += list(_crashed(crashed))
    told += list(_checks(report, paint)) if all_checks else []
    return [*told, _last(report, paint, hint=not all_checks)]


def _about(report: Report, paint: "Paint", *, whole: bool) -> list[str]:
    """Whose settings were read; of a healthy project only what may make that worthless."""
    told = [*(report.about if whole else ()), *([report.caution] if report.caution else ())]
    rows = [row for each in told for row in wrap(said(each), _WIDTH)]
    return [*(paint(row, "dim") for row in rows), *([""] if whole and rows else [])]


def _crashed(crashed: Sequence[Checked]) -> Iterator[str]:
    """Why checks crashed, each reason once."""
    for reason, ids in by_reason(crashed).items():
        told = f"{some_of(ids)} crashed: {shown(reason)}; this is a fault of Clearway, please report it"
        yield from wrap(told, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _block(told: Told, report: Report, paint: "Paint") -> Iterator[str]:
    finding = told.finding
    yield paint(f"{finding.level.value:<{_COLUMN - 1}} {finding.id} {finding.name}", _STYLES[finding.level])
    yield from row("what", finding.message)
    for place, each in enumerate(finding.evidence):
        yield from row("" if place else "proof", each, hanging="  ")
    if finding.location:
        yield from row("where", where(finding.location))
    if finding.effect:
        yield from row("effect", finding.effect)
    yield from _fix(finding, paint)
    if told.consequences:
        yield from row("causes", ", ".join(_names(told, report)))
    by = mended_by(finding.fix)
    yield from row("more", f"clearway explain {finding.id}{f'; {by} mends it' if by else ''}")


def _fix(finding: Finding, paint: "Paint") -> Iterator[str]:
    yield from row("fix", finding.fix.summary)
    yield from commands(finding.fix.commands, paint)
    told = list(diff(finding.fix.diff, paint))
    yield from told[:_MOST]
    if len(told) > _MOST:
        yield from row("", f"and {len(told) - _MOST} more lines, which --diff shows")


def commands(written: Iterable[str], paint: "Paint") -> Iterator[str]:
    """To be copied: no line of them is broken."""
    return (f"{'':<{_COLUMN}}  {paint(clean(command), 'bold')}" for command in written)


def diff(text: str, paint: "Paint") -> Iterator[str]:
    """Its lines below the column of the words, each in its colour."""
    for line in text.removesuffix("\n").split("\n") if text else ():
        told = f"{'':<{_COLUMN}}  {clean(line.removesuffix(chr(13)))}"
        yield paint(told, style) if (style := _DIFF.get(line[:3]) or _DIFF.get(line[:1])) else told


def _names(told: Told, report: Report) -> list[str]:
    names = {each.finding.id: each.finding.name for each in report.told}
    return [f"{id_} {names[id_]}" for id_ in told.consequences]


def row(label: str, text: str, hanging: str = "") -> Iterator[str]:
    """Wrapped beside its label; names and paths stay whole, so that they can be copied."""
    width = _WIDTH - _COLUMN
    rows = wrap(shown(text), width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False) or [""]
    for place, each in enumerate(rows):
        yield f"  {'' if place else label:<{_COLUMN - 2}}{each}"


def _checks(report: Report, paint: "Paint") -> Iterator[str]:
    """Every check that passed, then why others could not look, each reason once."""
    names = {check.rule.id: check.rule.name for check in known_checks()}
    for each in report.checks:
        if each.status == Status.PASSED:
            yield paint(f"{'passed':<{_COLUMN - 1}} {each.id} {names.get(each.id, '')}".rstrip(), "dim")
    skipped = [each for each in report.checks if each.status == Status.SKIPPED]
    for reason, ids in by_reason(skipped).items():
        rows = [*wrap(said(reason), _WIDTH - _COLUMN), *wrap(" ".join(ids), _WIDTH - _COLUMN)]
        yield from (paint(f"{'' if place else 'skipped':<{_COLUMN}}{row}", "dim") for place, row in enumerate(rows))
    yield ""


def _last(report: Report, paint: "Paint", *, hint: bool) -> str:
    counts = report.counts
    skipped = f"{counts[Status.SKIPPED]} skipped{' (-v 2 says why)' if hint and counts[Status.SKIPPED] else ''}"
    checked = f"{counted(counts[Status.PASSED], 'check')} passed, {skipped}"
    if report.is_blind:
        return f"clearway: nothing could be looked at: {skipped}"
    if not report.told and not counts[Status.CRASHED]:
        return f"clearway: {paint('nothing is wrong', 'green')}: {checked}"
    found = [counted(counts[level], level.value) for level in Level if counts[level]]
    crashed = [f"{counts[Status.CRASHED]} crashed"] if counts[Status.CRASHED] else []
    return f"clearway: {', '.join([*found, checked, *crashed])}"
