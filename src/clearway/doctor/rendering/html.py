"""A report as one page that stands alone: the verdict, the road, the causes, and what was not looked at."""

from collections.abc import Iterator, Sequence

from clearway.doctor.evidence import counted
from clearway.doctor.finding import Finding, Level
from clearway.doctor.registry import all_checks
from clearway.doctor.report import Report, Status
from clearway.doctor.station import Station
from clearway.fronts.rendering.sheet import breakable, paragraph, plain, sheet

from .html_finding import finding
from .html_road import road
from .html_style import STYLE
from .verdict import verdict
from .words import by_reason, said, shown, some_of


def html(report: Report, stations: Sequence[Station]) -> str:
    """The whole document."""
    sentence = verdict(report)
    return sheet(f"clearway doctor: {sentence}", _rows(report, stations, sentence), STYLE)


def _rows(report: Report, stations: Sequence[Station], sentence: str) -> Iterator[str]:
    yield "<header>"
    yield '<p class="brand">clearway doctor</p>'
    if report.caution:
        yield f'<p class="caution"><b>Caution:</b> {breakable(said(report.caution))}</p>'
    yield f"<h1>{breakable(sentence)}</h1>"
    yield paragraph(" · ".join(_counts(report)), "counts")
    yield from (paragraph(f"Read: {said(each)}", "about") for each in report.about)
    yield "</header>\n<main>"
    if len(stations) > 1:
        yield f"<section>\n<h2>The road of a request</h2>\n{road(stations)}\n</section>"
    yield from _causes(report)
    yield from _crashed(report)
    yield from _unseen(report)
    yield from _passed(report)
    yield "</main>"


def _counts(report: Report) -> Iterator[str]:
    counts = report.counts
    yield from (counted(counts[level], level.value) for level in Level if counts[level])
    yield f"{counted(counts[Status.PASSED], 'check')} passed"
    yield f"{counts[Status.SKIPPED]} not looked at"
    if counts[Status.CRASHED]:
        yield f"{counts[Status.CRASHED]} crashed"


def _causes(report: Report) -> Iterator[str]:
    """Each cause with what follows from it, which stands right behind it in the report."""
    groups: list[tuple[Finding, list[Finding]]] = []
    for each in report.told:
        if each.follows and groups:
            groups[-1][1].append(each.finding)
        else:
            groups.append((each.finding, []))
    if groups:
        title = "What to mend" if _is_wrong(report) else "Advice"
        blocks = (finding(cause, number, rest) for number, (cause, rest) in enumerate(groups))
        yield "\n".join(["<section>", f"<h2>{title}</h2>", *blocks, "</section>"])


def _is_wrong(report: Report) -> bool:
    return any(each.finding.level != Level.NOTE for each in report.told)


def _crashed(report: Report) -> Iterator[str]:
    crashed = [each for each in report.checks if each.status == Status.CRASHED]
    if crashed:
        reasons = by_reason(crashed).items()
        rows = (f"<li>{plain(some_of(ids))}: {breakable(shown(reason))}</li>" for reason, ids in reasons)
        text = "<p>This is a fault of Clearway, please report it.</p>"
        yield f"<section>\n<h2>Checks that crashed</h2>\n{text}<ul>{''.join(rows)}</ul>\n</section>"


def _unseen(report: Report) -> Iterator[str]:
    """Why checks could not look, each reason once."""
    skipped = [each for each in report.checks if each.status == Status.SKIPPED]
    if not skipped:
        return
    yield "<section>\n<h2>What was not looked at</h2>"
    for reason, ids in by_reason(skipped).items():
        yield _folded(f"{breakable(shown(reason))} ({counted(len(ids), 'check')})", ids)
    yield "</section>"


def _passed(report: Report) -> Iterator[str]:
    passed = [each.id for each in report.checks if each.status == Status.PASSED]
    if passed:
        folded = _folded(f"{counted(len(passed), 'check')} passed", passed)
        yield f"<section>\n<h2>What is in order</h2>\n{folded}\n</section>"


def _folded(title: str, ids: Sequence[str]) -> str:
    rows = "".join(f"<li>{_named(id_)}</li>" for id_ in ids)
    return f"<details><summary>{title}</summary><ul>{rows}</ul></details>"


def _named(id_: str) -> str:
    name = next((check.rule.name for check in all_checks() if check.rule.id == id_), "")
    return plain(f"{id_} {name}".strip())
