"""No location of the server that answers covers the URL.

What it means
    Nothing in the web server's configuration is there for STATIC_URL or MEDIA_URL, so the request goes to the
    application, or to the default directory.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    curl -I of the URL of the evidence: the 404 is the application's, or the server's own.

Fix
    Add a location for the prefix that names the collected directory, or let the application answer: Clearway or
    WhiteNoise serve static files in process.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW504", "no-route", "no-route", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    sample = verdict.passage.sample
    if sample.kind == "page":
        path = verdict.passage.visit.target.partition("?")[0]
        return f"nothing in this configuration hands {path} to the application", f"add a location for {path} that does"
    return (
        f"the configuration of {verdict.passage.front.name} has nothing for {sample.prefix}",
        f"add a location for {sample.prefix} with {verdict.passage.root}/",
    )
