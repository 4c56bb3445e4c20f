"""Fonts or modules of another origin are not allowed to this site.

What it means
    STATIC_URL is on another host; browsers use fonts and modules of another origin only with Access-Control-Allow-
    Origin.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    The console of the browser names CORS; curl -I of the font shows no Access-Control-Allow-Origin.

Fix
    add_header Access-Control-Allow-Origin * in the location of the static files (Caddy: header, Apache: Header
    set).

When to ignore
    Never.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.outer_headers import loses
from clearway.doctor.stretches.passage import Passage, passages
from clearway.doctor.stretches.relation import related

RULE = Rule("CW524", "cors-missing", "cors-missing", Level.ERROR, Layer.BROWSER, FACTS)
_WHAT = "fonts and modules"
_NEED_IT = (".woff2", ".woff", ".ttf", ".otf", ".mjs")


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    pages = (each for each in facts.roads if each.sample.kind == "page" and not each.is_described)
    own = {each.visit.host for each in pages if each.visit}
    wanted = [each for each in passages(facts, "static") if each.visit.host not in own and each.delivers]
    blocked = [each for each in wanted if _is_blocked(each)] or [each for each in passages(facts) if _is_foreign(each)]
    if blocked:
        first = blocked[0]
        to = urlsplit(first.visit.fields.get("origin", "")).netloc or next(iter(own), "the site")
        yield RULE.finding(
            f"{first.visit.host} does not allow its {'files' if 'origin' in first.visit.fields else _WHAT} to {to}",
            *(
                f"{each.visit.method} {each.walked.trace.url} → {each.road.outcome.status} {_allowed(each)}"
                for each in blocked[:3]
            ),
            location=next(iter(first.places("location", "alias", "handle", "file")), None),
            effect="browsers refuse them",
            fix=Fix(_REMEDIES[first.front.name]),
            breaks=frozenset(name for each in blocked for name in each.walked.stretch),
        )


_REMEDIES = {
    "nginx": "add_header Access-Control-Allow-Origin * always; in the location of the static files",
    "caddy": "header Access-Control-Allow-Origin * for the static files",
    "apache": 'Header set Access-Control-Allow-Origin "*" for the static files',
}


def _is_foreign(passage: Passage) -> bool:
    """Whether a described request of another origin gets a file, or no answer to what it asks first."""
    origin = passage.visit.fields.get("origin", "")
    if not passage.due or not origin or urlsplit(origin).hostname == passage.visit.host:
        return False
    if passage.road.outcome.headers.get("access-control-allow-origin") in ("*", origin):
        return False
    is_asking = passage.visit.method == "OPTIONS" and passage.is_ours and not passage.road.outcome.unknown
    return passage.delivers or is_asking


def _allowed(passage: Passage) -> str:
    given = passage.road.outcome.headers.get("access-control-allow-origin")
    return f"with Access-Control-Allow-Origin: {given}" if given else "without Access-Control-Allow-Origin"


def _is_blocked(passage: Passage) -> bool:
    is_font = PurePosixPath(passage.sample.name).suffix.lower() in _NEED_IT
    is_allowed = passage.road.outcome.headers.get("access-control-allow-origin")
    return is_font and not is_allowed and not loses(passage, "access-control-allow-origin")
