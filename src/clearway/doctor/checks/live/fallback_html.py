"""A page of HTML is answered in the place of a file.

What it means
    A catch-all answers every name that it does not find with a page and status 200; browsers refuse it as a style
    sheet, and scripts fail at the first <.

Why it breaks in production but not locally
    runserver answers static files by itself; no other server and no cache stands before it.

See it yourself
    curl -i of the URL: 200 text/html.

Fix
    Give the files a location of their own that ends in =404; take their path out of a catch-all URL pattern.

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import broken, files, found
from clearway.doctor.live.hops import told
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.live.walk import is_html
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW420", "live-fallback-html", "fallback-html", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    seen = list(found(facts, RULE, _said))
    yield from seen
    if not seen:
        yield from _of_missing(facts)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: answered with a page of HTML",
        "browsers refuse it as a style sheet, and scripts fail at the first <",
        "give these files a location of their own that ends in =404, or take their path out of the catch-all",
    )


def _of_missing(facts: Facts) -> Iterator[Finding]:
    """Files arrive; a name that is not there, such as one of an older release, is a page."""
    for absent in facts.live.absent:
        answer = absent.answers[0]
        if answer.status == 200 and is_html(answer) and absent.beside.arrives:
            yield RULE.finding(
                "a name that is not there is answered with a page and status 200",
                f"GET {absent.url} → {told(answer)}",
                effect="a style sheet of an older release is a page: browsers refuse it, and caches keep it",
                fix=Fix("let missing files be 404: end try_files of this location in =404"),
                breaks=broken(facts, [absent.beside]),
                level=Level.WARNING,
            )
            return
