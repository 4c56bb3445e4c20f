"""A page of HTML answers in the place of a file.

What it means
    A catch-all (try_files … /index.html, a single-page application) answers every name that it does not find with a
    page and status 200; browsers refuse it as a style sheet, and scripts fail at the first <.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    curl -i of the URL: 200 text/html.

Fix
    Give the files a location of their own, which ends in =404.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.answers import first_of, missing
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW513", "fallback-html", "fallback-html", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    told = list(found(facts, RULE, _said))
    yield from told
    if not told:
        yield from _of_missing(facts)


def _of_missing(facts: Facts) -> Iterator[Finding]:
    """Files arrive; a name that is not there, such as one of an older release, is a page."""
    for passage in first_of(facts, "static"):
        absent = missing(passage)
        outcome = absent.road.outcome
        if passage.delivers and absent.is_ours and outcome.status == 200 and (outcome.type or "")[:9] == "text/html":
            place = next(iter(absent.places("try_files", "location", "handle")), None)
            yield RULE.finding(
                f"a missing file below {passage.sample.prefix} is answered with a page and status 200",
                f"GET {absent.visit.target} → 200 {outcome.type}, {outcome.file or ''}",
                location=place,
                effect="a style sheet of an older release is a page: browsers refuse it, and caches keep it",
                fix=Fix("end try_files of this location in =404"),
                level=Level.WARNING,
                breaks=frozenset({f"static:{absent.visit.target}"}),
            )


def _said(verdict: Verdict) -> tuple[str, str]:
    return (
        f"{verdict.passage.visit.target} is answered with a page of HTML",
        f"add a location for {verdict.passage.sample.prefix} with {verdict.passage.root}/, which ends in 404",
    )
