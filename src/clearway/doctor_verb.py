"""`clearway doctor`: what is wrong between source and browser; `clearway explain`: what a finding means."""

from argparse import Namespace
from collections.abc import Iterator

from .doctor.facts import Origin, optional
from .doctor.finding import Level
from .doctor.registry import UnknownIdError, all_checks, check_of
from .doctor.rendering.data import data
from .doctor.rendering.page import page, pages
from .doctor.rendering.text import lines
from .doctor.report import Report
from .doctor.rule import Check
from .doctor.run import run
from .doctor_facts.project import ProjectFacts
from .fronts.described import Described
from .fronts.errors import FrontError
from .results import Result

_COULD_NOT_RUN = 2


def doctor(options: Namespace) -> Result:
    """Examine the project. Raises `FrontError` where an id is unknown, or the described request contradicts itself."""
    from .doctor_facts.origin import origin_of

    options.described = _described(options)
    origin = origin_of(options.choice)
    facts = ProjectFacts(options, origin)
    _named_front(facts)
    report = run(_chosen(options), facts, [_about(origin)], _caution(origin, facts))
    result = Result(
        data(report),
        lambda paint: lines(report, paint, quiet=options.verbosity == 0, all_checks=options.verbosity > 1),
        _COULD_NOT_RUN if report.is_blind else int(report.fails(Level(options.fail_level))),
        {"github": lambda: _github(report), "html": lambda: _html(report, facts), "sarif": lambda: _sarif(report)},
    )
    if not (options.fix or options.unsafe_fixes or options.diff):
        return result
    from .doctor_fixing import fixed

    return fixed(options, report, facts, result)


def explain(options: Namespace) -> Result:
    """The page of one check, or the list of all."""
    if not options.id:
        rows = [check.rule for check in all_checks()]
        return Result({"checks": [{"id": rule.id, "name": rule.name, "cause": rule.cause} for rule in rows]}, pages)
    check = _check(options.id)
    rule = check.rule
    return Result({"id": rule.id, "name": rule.name, "cause": rule.cause, "page": check.page}, page(check))


def _described(options: Namespace) -> Described | None:
    """The request that fails; None where nobody describes one."""
    urls = getattr(options, "url", None) or []
    if not (options.header or options.method or options.body_size is not None or urls):
        return None
    try:
        return Described.of(options.method or "", options.header, options.body_size, urls)
    except ValueError as error:
        raise FrontError(str(error)) from None


def _chosen(options: Namespace) -> Iterator[Check]:
    only = {_check(each).rule.id for each in options.only}
    skip = {_check(each).rule.id for each in options.skip}
    return (check for check in all_checks() if check.rule.id not in skip and (not only or check.rule.id in only))


def _check(written: str) -> Check:
    try:
        return check_of(written)
    except UnknownIdError as error:
        raise FrontError(str(error)) from None


def _about(origin: Origin | None) -> str:
    if origin is None:
        return "no settings were found: only the web server is looked at"
    return f"settings {origin.module}, named by {origin.by}" if origin.module else f"settings of {origin.by}"


def _caution(origin: Origin | None, facts: ProjectFacts) -> str:
    """That the settings are for development, and which others there are."""
    broken = optional(lambda: facts.broken_front)
    if broken and broken.is_closed:
        return f"{broken.reason}: run the doctor as a user who may read it"
    if origin is None:
        return "no Django settings were found here: run the doctor beside manage.py, or name them with --settings"
    if origin.problem or not facts.settings["DEBUG"]:
        return ""
    others = f"; --settings takes one of {', '.join(origin.others)}" if origin.others else ""
    return f"DEBUG is on: these settings are for development, and production may differ{others}"


def _named_front(facts: ProjectFacts) -> None:
    """Raises `FrontError` and `UnknownWorkerError` where an option names what is not there."""
    broken = optional(lambda: facts.broken_front)
    if broken and not broken.location and not broken.is_closed:
        raise FrontError(f"--{broken.name} {broken.reason}")


def _github(report: Report) -> str:
    from .doctor.rendering.github import github

    return github(report)


def _html(report: Report, facts: ProjectFacts) -> str:
    from .doctor.rendering.html import html
    from .doctor.stations import stations

    return html(report, stations(facts, report))


def _sarif(report: Report) -> str:
    from .doctor.rendering.sarif import sarif

    return sarif(report)
