"""The web server lists the files of a directory to everybody.

What it means
    autoindex (Caddy: browse, Apache: Options Indexes) shows the names of all files below the prefix, uploads that
    nobody was told of as well.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    Open the prefix in a browser.

Fix
    Turn it off for this location.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.answers import first_of
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.relation import related

RULE = Rule("CW535", "listing-open", "listing-open", Level.WARNING, Layer.ANSWER, FACTS)
_REMEDIES = {"nginx": "autoindex off;", "caddy": "file_server without browse", "apache": "Options -Indexes"}


def look(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    for passage in first_of(facts, "static", "media"):
        listed = passage.asking(passage.sample.prefix)
        outcome = listed.road.outcome
        if listed.is_ours and outcome.status == 200 and outcome.file is None and passage.root in listed.asked:
            yield RULE.finding(
                f"{passage.sample.prefix} shows a list of all its files",
                f"GET {passage.sample.prefix} → 200 {outcome.type or ''}, a listing of {passage.root}",
                location=next(iter(reversed(listed.places())), None),
                effect="everybody sees every name, also of files that no page names",
                fix=Fix(_REMEDIES[front.name]),
                breaks=frozenset({f"{passage.sample.kind}:{passage.sample.prefix}"}),
            )
