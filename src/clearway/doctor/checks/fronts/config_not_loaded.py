"""A server block that would answer is in no file that the web server loads.

What it means
    The file with the right server exists, and no include of the main file reaches it: it was never linked into
    sites-enabled, or its name does not end as the include wants it.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    nginx -T | grep 'configuration file'

Fix
    Link the file into the directory that is included, or rename it; then nginx -t and a reload.

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

RULE = Rule("CW502", "file-not-loaded", "config-not-loaded", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    line = verdict.line
    file = line.location.file if line else "the file"
    return (
        f"the server does not read {file}",
        f"link {file} into a directory that is included (sites-enabled), then nginx -t and reload",
    )
