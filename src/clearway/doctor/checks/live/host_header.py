"""Django refuses the Host that it is given.

What it means
    The answer is Django's 400: the Host of the request is not in ALLOWED_HOSTS. Either the name is missing there,
    or the web server hands on another one than the visitor's.

Why it breaks in production but not locally
    With DEBUG on and an empty ALLOWED_HOSTS, localhost is allowed.

See it yourself
    curl -i of the URL: 400. The log of the application says: Invalid HTTP_HOST header.

Fix
    Add the name to ALLOWED_HOSTS. Where it is there, let the web server hand it on: proxy_set_header Host $host;

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW405", "live-host-header", "host-header", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    host = urlsplit(group[0].seen.url).hostname
    return (
        f"Django refuses the Host that it is given where {host} is asked for",
        "no page and no file of the application arrives",
        f"add {host!r} to ALLOWED_HOSTS; where it is there, let the web server hand it on: proxy_set_header Host $host",
    )
