"""An alias with a capture and try_files build the path twice.

What it means
    In a location with a regular expression try_files puts the whole URL behind an alias that holds its rest
    already.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    curl -I of the URL: 404, and nothing in the error log.

Fix
    Use a prefix location; or leave try_files out.

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

RULE = Rule("CW512", "alias-regex-try-files", "alias-regex-try-files", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    prefix = verdict.passage.sample.prefix
    return (
        "try_files appends the URL to an alias that holds it already",
        f"location ^~ {prefix} {{ alias {verdict.passage.root}/; }}, without try_files",
    )
