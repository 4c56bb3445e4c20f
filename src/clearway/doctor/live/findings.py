"""Verdicts about a live site as findings: one for each cause."""

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from clearway.doctor.evidence import SHOWN
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Rule

from .diagnosis import verdicts
from .hops import told
from .naming import stretch_of
from .seen import Seen, shown
from .verdict import Verdict

# What to say of the verdicts of one cause: the message, the effect, what to do.
Said = Callable[[Sequence[Verdict]], tuple[str, str, str]]


def found(facts: Facts, rule: Rule, said: Said) -> Iterator[Finding]:
    """What a rule finds, which is the cause that it is named after."""
    group = [each for each in verdicts(facts) if each.cause == rule.cause]
    group.sort(key=lambda each: each.level != Level.ERROR)
    if group:
        message, effect, remedy = said(group)
        yield rule.finding(
            message,
            *proof(group),
            fix=Fix(remedy),
            effect=effect,
            breaks=broken(facts, [each.seen for each in group]),
            level=group[0].level,
        )


def broken(facts: Facts, seen: Sequence[Seen]) -> frozenset[str]:
    """The stretches that do not work; a page is one of its own."""
    return frozenset(
        f"page:{urlsplit(each.wanted.url).path}" if each.wanted.kind == "page" else stretch_of(facts, each.wanted.url)
        for each in seen
    )


def proof(group: Sequence[Verdict]) -> Iterator[str]:
    """The answers, what was observed beside the first, more URLs."""
    first = group[0]
    yield asked(first.seen)
    if first.seen.wanted.by:
        yield f"{shown(first.seen.wanted.by)}:{first.seen.wanted.line} asks for it"
    yield from first.told
    if first.means:
        yield first.means
    others = [each.seen for each in group[1:] if each.seen.wanted.url != first.seen.wanted.url]
    yield from (asked(each) for each in others[: SHOWN - 1])
    if len(others) > SHOWN - 1:
        yield f"and {len(others) - SHOWN + 1} more"


def asked(seen: Seen) -> str:
    """The question and what was answered."""
    if seen.problem or not seen.hops:
        return f"GET {shown(seen.wanted.url)} → no answer: {seen.problem}"
    way = f" (redirected to {shown(seen.url)})" if seen.url != seen.wanted.url else ""
    return f"GET {shown(seen.wanted.url)}{way} → {told(seen.hops[-1].answer)}"


def files(group: Sequence[Verdict]) -> str:
    """`3 files` or the one URL's path."""
    return urlsplit(group[0].seen.wanted.url).path if len(group) == 1 else f"{len(group)} files"
