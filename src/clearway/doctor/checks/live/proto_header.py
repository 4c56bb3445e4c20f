"""A page that came by HTTPS asks for files by HTTP, or is redirected to itself.

What it means
    The application takes the visitor's request for one by HTTP: it writes http:// into its pages, which browsers
    refuse to load there, or it redirects to HTTPS again and again.

Why it breaks in production but not locally
    Locally everything is HTTP.

See it yourself
    The console of the browser says: Mixed Content; or: too many redirects.

Fix
    Let the web server send X-Forwarded-Proto, and set SECURE_PROXY_SSL_HEADER. URLs that are written out with
    http:// need to be written with https://, or from / on.

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW406", "live-proto-header", "proto-header", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    first = group[0].seen
    remedy = "let the web server send X-Forwarded-Proto, and set SECURE_PROXY_SSL_HEADER"
    if first.loops:
        return f"{urlsplit(first.wanted.url).path} is redirected to itself for ever", "browsers give up", remedy
    return (
        f"{files(group)}: asked for by http:// on a page that came by https://",
        "browsers refuse the files",
        f"{remedy}; write https:// where the URL is written out",
    )
