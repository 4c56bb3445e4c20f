"""`clearway doctor --fix`: shows what it would do, asks, does it, and looks again."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import doctor_again
from .cli import painter
from .doctor.facts import Facts, optional
from .doctor.finding import Finding, Safety
from .doctor.fix.action import Surroundings
from .doctor.fix.applying import apply, shown
from .doctor.fix.outcome import Outcome
from .doctor.fix.plan import Plan, plan
from .doctor.fix.server import Server
from .doctor.rendering.fixes import done, proposed
from .doctor.report import Report
from .results import Result

if TYPE_CHECKING:
    from .releases.text import Paint
    from .results import Lines

_REPOSITORIES = (".git", ".hg", ".svn", ".jj")


def fixed(options: Namespace, report: Report, facts: Facts, first: Result) -> Result:
    """The result of the look after all that was done; that of the first, with what would be done, where nothing was."""
    made = _plan(options, report, facts)
    _say(options, proposed(made, painter(options)))
    if not made.ready:
        is_told = options.verbosity > 0 and not _tried(options)
        said = "nothing was changed: nothing is left that could be mended by itself" if is_told else ""
        return _with(first, _data(shown(made)), lambda paint: [*_headed(said, paint), *first.text(paint)])
    if options.diff or not _is_agreed(options, len(made.ready)):
        return _with(first, _data(shown(made)), lambda paint: [paint("nothing was changed", "bold")])
    applied = apply(made, around(options, facts))
    again = doctor_again.look(options)
    applied.take_back(partial(_is_left, again))
    outcomes = applied.outcomes()
    _say(options, [*done([each for each in outcomes if each.is_of(made.tried)], painter(options)), ""])
    return _gone_on(options, made, outcomes, again)


def _gone_on(options: Namespace, made: Plan, outcomes: Sequence[Outcome], again: Result) -> Result:
    """Causes that were hidden by others are found when those are gone: their fixes are shown and done in their turn."""
    tried = {*_tried(options), *((each.id, each.message) for each in made.tried)}
    wanted = {safety.value for safety in _wanted(options)}
    left = [each for each in _findings(again) if each["fix"]["safety"] in wanted]
    if all((each["id"], each["message"]) in tried for each in left):
        return _with(again, _data(outcomes), again.text)
    last = doctor_again.go_on(options, tried)
    own = _data([each for each in outcomes if each.is_of(made.tried)])
    return _with(last, [*own, *dict(last.data).get("fixes", [])], last.text)  # type: ignore[arg-type]


def _plan(options: Namespace, report: Report, facts: Facts) -> Plan:
    front = optional(lambda: facts.front)
    server = Server.of(front) if front else None
    return plan(report, _wanted(options), around(options, facts), server, _tried(options))


def _wanted(options: Namespace) -> set[Safety]:
    return {Safety.SAFE, Safety.UNSAFE} if options.unsafe_fixes else {Safety.SAFE}


def _tried(options: Namespace) -> frozenset[tuple[str, str]]:
    """What was tried by the process that started this one."""
    return getattr(options, "tried", frozenset())


def _with(result: Result, fixes: Sequence[Any], text: "Lines") -> Result:
    return replace(result, data={**dict(result.data), "fixes": fixes}, text=text)  # type: ignore[arg-type]


def _data(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [each.data() for each in outcomes]


def _headed(said: str, paint: "Paint") -> list[str]:
    return [paint(said, "bold"), ""] if said else []


def _findings(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dict(result.data).get("findings", [])  # type: ignore[arg-type]
    return found


def _is_left(again: Result, finding: Finding) -> bool:
    """Whether the second look finds the same; its evidence may name lines that have moved."""
    return any((each["id"], each["message"]) == (finding.id, finding.message) for each in _findings(again))


def _say(options: Namespace, lines: Sequence[str]) -> None:
    """At once: on stdout, or on stderr where stdout is for programs."""
    stream = sys.stdout if options.format == "text" else sys.stderr
    for line in lines:
        print(line.encode("utf-8", "backslashreplace").decode(), file=stream)
    stream.flush()


def _is_agreed(options: Namespace, number: int) -> bool:
    """Without a terminal there is nobody to ask, and `--fix` was what they asked for."""
    if options.no_input or not sys.stdin.isatty():
        return True
    changes = "1 change" if number == 1 else f"{number} changes"
    print(f"Apply {changes}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def around(options: Namespace, facts: Facts) -> Surroundings:
    """The project that is mended."""
    settings, sources = optional(lambda: facts.settings), optional(lambda: facts.sources)
    root = str(settings["STATIC_ROOT"] or "") if settings else ""
    return Surroundings(
        _inside(options.choice.path if options.choice else None),
        [Path(each).resolve() for each in sources.directories] if sources else [],
        root,
        doctor_again.collect,
        doctor_again.imports,
    )


def _inside(project: Path | None) -> list[Path]:
    """The directories whose files are the project's: this one, that of manage.py, and the repository around it."""
    found = [Path.cwd().resolve(), *([project.resolve()] if project else [])]
    for folder in (found[-1], *found[-1].parents):
        if folder not in (Path.home(), Path("/")) and any((folder / each).exists() for each in _REPOSITORIES):
            return [*found, folder]
    return found
