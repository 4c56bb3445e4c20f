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

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.passage import Passage, passages
from clearway.doctor.stretches.relation import related

RULE = Rule("CW524", "cors-missing", "cors-missing", Level.ERROR, Layer.BROWSER, FACTS)
_NEED_IT = (".woff2", ".woff", ".ttf", ".otf", ".mjs")


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    own = {each.visit.host for each in facts.roads if each.visit and each.sample.kind == "page"}
    wanted = (each for each in passages(facts, "static") if each.visit.host not in own and each.delivers)
    blocked = [each for each in wanted if _is_blocked(each)]
    if blocked:
        first = blocked[0]
        yield RULE.finding(
            f"{first.visit.host} does not allow its fonts and modules to {next(iter(own), 'the site')}",
            *(f"GET {each.walked.trace.url} → 200 without Access-Control-Allow-Origin" for each in blocked[:3]),
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


def _is_blocked(passage: Passage) -> bool:
    is_font = PurePosixPath(passage.sample.name).suffix.lower() in _NEED_IT
    return is_font and not passage.road.outcome.headers.get("access-control-allow-origin")
