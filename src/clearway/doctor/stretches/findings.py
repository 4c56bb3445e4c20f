"""Verdicts as findings: those of one cause and one line are one finding."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Safety
from clearway.doctor.rule import Rule

from . import diagnosis, mending
from .configurations import quoted
from .passage import Passage
from .verdict import Verdict

_SHOWN = 3  # names of files
_TITLES = {"static": "static files", "media": "media files"}
# What to say of a verdict: the message, and what to do.
Said = Callable[[Verdict], tuple[str, str]]
Fixed = Callable[[Facts, Verdict, str], Fix]


def found(facts: Facts, rule: Rule, said: Said, fix: Fixed | None = None) -> Iterator[Finding]:
    """What a rule finds, which is the cause that it is named after; its fix is a patch unless it has one of its own."""
    groups: dict[object, list[Verdict]] = {}
    for each in diagnosis.verdicts(facts):
        if each.cause == rule.cause:
            key = each.line and each.line.location, each.passage.sample.kind
            groups.setdefault(key, []).append(each)
    for group in groups.values():
        yield _finding(facts, rule, group, said, fix or _patched)


def _finding(facts: Facts, rule: Rule, group: Sequence[Verdict], said: Said, fix: Fixed) -> Finding:
    first = group[0]
    message, remedy = said(first)
    kind = first.passage.sample.kind
    return rule.finding(
        message,
        *proof(group),
        fix=fix(facts, first, remedy),
        location=first.line.location if first.line else None,
        effect=_effect(group, kind, all_of=_is_all(facts, group, kind)),
        breaks=_broken(facts, group, kind),
    )


def _patched(facts: Facts, verdict: Verdict, words: str) -> Fix:
    """Safe, since it is written beside the configuration."""
    return Fix(words, Safety.SAFE, "" if verdict.passage.sample.kind == "page" else mending.patch(facts, verdict))


def _request(passage: Passage) -> str:
    return f"{passage.visit.method} {passage.visit.target}"


def proof(group: Sequence[Verdict]) -> Iterator[str]:
    """The predicted answer, the lines of the configuration, the file that is due, more names."""
    first = group[0]
    passage = first.passage
    outcome = passage.road.outcome
    name = passage.front.name
    if outcome.by == "application":
        yield f"{_request(passage)} → handed to the application, {outcome.upstream or 'within this server'}"
    else:
        looked = f", {name} looks for {passage.looked}" if passage.looked and passage.due else ""
        shown = f"{outcome.status} {outcome.type or ''}".strip()
        yield f"{_request(passage)} → {shown}{looked}"
    yield from first.told
    yield from dict.fromkeys(quoted(each) for each in (first.line, first.other) if each)
    if passage.due and passage.due != passage.looked:
        file = Path(passage.sample.file)
        size = f", {file.stat().st_size:,} octets" if file.is_file() else ", which is not there either"
        yield f"the right file is {passage.due}{size}"
    names = dict.fromkeys(each.passage.sample.name for each in group)
    others = [name for name in names if name and name != passage.sample.name]
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        yield f"the same for {', '.join(others[:_SHOWN])}{more}"


def _effect(group: Sequence[Verdict], kind: str, *, all_of: bool) -> str:
    if kind == "page":
        return f"{_request(group[0].passage)} fails"
    if all_of:
        return f"no {_TITLES[kind].removesuffix('s')} arrives"
    ends = sorted({Path(each.passage.sample.name).suffix for each in group})
    return f"{_TITLES[kind]} do not arrive: {', '.join(ends)}"


def _is_all(facts: Facts, group: Sequence[Verdict], kind: str) -> bool:
    return len(group) == sum(each.sample.kind == kind for each in facts.roads)


def _broken(facts: Facts, group: Sequence[Verdict], kind: str) -> frozenset[str]:
    if kind == "page":
        return frozenset(f"page:{each.passage.visit.target}" for each in group)
    if _is_all(facts, group, kind):
        return frozenset({kind})
    return frozenset(f"{kind}:{each.passage.sample.name}" for each in group)
