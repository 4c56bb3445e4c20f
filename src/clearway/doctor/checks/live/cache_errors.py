"""An answer that a file is not there may be kept for long.

What it means
    The 404 has a lifetime: a browser or a CDN that asks a moment before the file is there keeps the 404 for as
    long.

Why it breaks in production but not locally
    runserver sends no lifetime.

See it yourself
    curl -I of a name that does not exist: Cache-Control.

Fix
    Let the lifetime hold for files only: leave always out of add_header in nginx; no-store on 404.

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import broken
from clearway.doctor.live.hops import told
from clearway.doctor.live.seen import Absent
from clearway.doctor.rule import Layer, Rule
from clearway.http.lifetime import lifetime
from clearway.probing.answer import Answer

RULE = Rule("CW426", "live-cache-errors", "cache-errors", Level.WARNING, Layer.SEEN, FACTS, HELPFUL)
_MINUTE = 60


def look(facts: Facts) -> Iterator[Finding]:
    kept = [each for each in facts.live.absent if _seconds(each) > _MINUTE]
    if kept:
        first = kept[0].answers[0]
        yield RULE.finding(
            f"a {first.status} may be kept for {_seconds(kept[0]):,} seconds",
            *(f"GET {each.url} → {told(each.answers[0])}, {_said(each.answers[0])}" for each in kept[:3]),
            effect="a file that was asked for too early stays missing",
            fix=Fix("let the lifetime hold for files only: leave always out; send no-store with errors"),
            breaks=broken(facts, [each.beside for each in kept]),
        )


def _seconds(absent: Absent) -> int:
    answer = absent.answers[0]
    return lifetime(answer.headers, shared=True) if answer.status >= 400 else 0


def _said(answer: Answer) -> str:
    return f"cache-control: {answer.headers.get('cache-control')}"
