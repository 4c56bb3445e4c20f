"""Nothing on the way to the application is there for this URL.

What it means
    The request for a file gets as far as the application, which does not serve it, or no rule of the web server is
    about its path at all.

Why it breaks in production but not locally
    runserver answers static files by itself; no other server and no cache stands before it.

See it yourself
    curl -i of the URL: the 404 is Django's own, a redirect to a login, or 200 without content.

Fix
    Add a location for the path that names the collected directory, or let the application answer: Clearway or
    WhiteNoise serve static files in process.

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW408", "live-no-route", "no-route", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: no part of the server's configuration is for this path",
        "pages come without their files",
        "give the web server a location for this path, or let the application serve static files itself",
    )
