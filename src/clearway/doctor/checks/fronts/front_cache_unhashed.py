"""Names that do not change are kept for long.

What it means
    The web server lets browsers keep style sheets and scripts for more than a day, or other static files for more than
    a month, and the names have no hash: after a release, visitors use the old files until the time is over.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    curl -I of a style sheet: Cache-Control or Expires.

Fix
    Use a storage that puts a hash into each name (Clearway's, or Django's manifest storage), or shorten the
    lifetime to minutes.

When to ignore
    Never. Where your templates put a query behind each name that changes with the content, it is silent.
"""

from collections.abc import Iterator, Mapping

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.names import without_hash
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.passage import Passage, passages
from clearway.doctor.stretches.relation import related
from clearway.doctor.versions import are_versioned
from clearway.http.lifetime import lifetime

RULE = Rule(
    "CW525",
    "front-keeps-plain-names",
    "cache-unhashed",
    Level.WARNING,
    Layer.ANSWER,
    (*FACTS, "static_storage"),
    ("templates",),
)
_DAY = 86_400
_MONTH = 31 * _DAY  # pictures and fonts are seldom changed under their name, and pages work with the old ones
_CODE = (".css", ".js", ".mjs", ".json", ".map", ".wasm", ".html")


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    if facts.static_storage.is_manifest or facts.settings["DEBUG"] or are_versioned(facts):
        return
    plain = [each for each in passages(facts, "static") if each.delivers and without_hash(each.sample.name) is None]
    long = [each for each in plain if _seconds(each) > (_DAY if each.sample.name.endswith(_CODE) else _MONTH)]
    if long:
        first = long[0]
        yield RULE.finding(
            f"browsers may keep files for {_seconds(first) // _DAY} days, and their names never change",
            *(f"GET {each.visit.target} → {_fields(each.road.outcome.headers)}" for each in long[:3]),
            f"the storage of static files is {facts.static_storage.backend}, which gives plain names",
            location=next(iter(first.places("location", "alias", "handle", "file")), None),
            effect="after a release, visitors keep the old files for as long",
            fix=Fix('give the names a hash: STORAGES["staticfiles"] with a manifest storage; or shorten the lifetime'),
            breaks=frozenset(name for each in long for name in each.walked.stretch),
        )


def _seconds(passage: Passage) -> int:
    return lifetime(passage.road.outcome.headers)


def _fields(headers: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {headers[name]}" for name in ("cache-control", "expires") if name in headers)
