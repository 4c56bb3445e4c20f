"""A user's file is a page of the site.

What it means
    An upload of HTML or SVG is shown in the site's own origin: its scripts act as whoever looks at it. Django's own
    documentation warns of it.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    Open the URL of the proof: its scripts run.

Fix
    Serve uploads from another host, or as downloads (Content-Disposition: attachment), or with Content-Security-
    Policy: sandbox.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.media_types import type_of
from clearway.doctor.stretches.passage import Passage, passages
from clearway.doctor.stretches.relation import related

RULE = Rule("CW537", "media-active", "media-active", Level.WARNING, Layer.ANSWER, FACTS)
_ACTIVE = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    pages = (each for each in facts.roads if each.sample.kind == "page" and not each.is_described)
    own = {each.visit.host for each in pages if each.visit}
    active = [each for each in passages(facts, "media") if each.visit.host in own and _is_active(each)]
    for each in active[:1]:
        yield RULE.finding(
            "a user's file is shown as a page of this site",
            f"GET {each.visit.target} → 200 {type_of(each)}, without Content-Disposition: attachment",
            location=next(iter(each.places("location", "alias", "handle", "file")), None),
            effect="its scripts run with the rights of whoever looks at it",
            fix=Fix(_REMEDIES[each.front.name]),
            breaks=each.walked.stretch,
        )


_REMEDIES = {
    "nginx": 'add_header Content-Security-Policy "sandbox" always; in the location of the uploads',
    "caddy": 'header Content-Security-Policy "sandbox" for the uploads',
    "apache": 'Header always set Content-Security-Policy "sandbox" for the uploads',
}


def _is_active(passage: Passage) -> bool:
    outcome = passage.road.outcome
    is_harmless = outcome.headers.get("content-disposition", "").startswith("attachment") or "sandbox" in (
        outcome.headers.get("content-security-policy", "")
    )
    return passage.delivers and not is_harmless and type_of(passage) in _ACTIVE
