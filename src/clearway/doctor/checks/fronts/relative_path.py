"""The directory of the location is not an absolute path.

What it means
    The web server takes a relative path, a tilde, or no path at all as one below a directory of its own: nginx
    below the prefix that it was built with, never below the file that it stands in.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    The error log names the path that it made.

Fix
    Write the absolute path.

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

RULE = Rule("CW510", "front-relative-path", "relative-path", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    ground = verdict.other
    written = " ".join([ground.name, *ground.words]) if ground else "a location without root and alias"
    return f"{written} leads to {verdict.passage.looked}", f"write the absolute path: {verdict.passage.root}/"
