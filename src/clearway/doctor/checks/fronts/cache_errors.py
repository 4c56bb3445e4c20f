"""An answer that a file is not there may be kept for long.

What it means
    add_header … always (or a lifetime for every answer) holds for 404 too: a browser or a CDN that asks a moment
    before the file is there keeps the 404 for as long.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    curl -I of a name that does not exist: Cache-Control.

Fix
    Leave always out of the line for Cache-Control.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.evidence import lasting
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.answers import first_of, missing
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.relation import related
from clearway.http.lifetime import lifetime

RULE = Rule("CW526", "cache-errors", "cache-errors", Level.WARNING, Layer.ANSWER, FACTS)
_MINUTE = 60


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    for passage in first_of(facts, "static", "media"):
        absent = missing(passage)
        outcome = absent.road.outcome
        seconds = lifetime(outcome.headers)
        if absent.is_ours and (outcome.status or 0) >= 400 and seconds > _MINUTE:
            yield RULE.finding(
                f"a {outcome.status} below {passage.sample.prefix} may be kept for {lasting(seconds)}",
                f"GET {absent.visit.target} → {outcome.status}, cache-control: {outcome.headers.get('cache-control')}",
                location=next(iter(absent.places("location", "alias", "handle", "file")), None),
                effect="a file that was asked for too early stays missing",
                fix=Fix("remove `always`, so that the lifetime holds for files that are there"),
                breaks=frozenset({f"{passage.sample.kind}:{absent.visit.target}"}),
            )
