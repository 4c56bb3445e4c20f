"""An alias below a regular expression without a capture is one path for every URL.

What it means
    Below a regular expression nginx adds nothing to the alias: without $1 each URL is the directory itself, which
    is answered with a redirect to the URL with a slash, again and again.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    curl -I of the URL: 301 to the same with a slash.

Fix
    Use a prefix location, which needs no capture; or capture the rest and write it into the alias.

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

RULE = Rule("CW511", "alias-regex-no-capture", "alias-regex-no-capture", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    prefix = verdict.passage.sample.prefix
    return (
        "every URL of this location leads to one path, since its alias uses no group of the expression",
        f"location ^~ {prefix} {{ alias {verdict.passage.root}/; }}",
    )
