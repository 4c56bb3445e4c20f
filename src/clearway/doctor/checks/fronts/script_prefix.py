"""The site runs below a path, and the location of the files is not below it.

What it means
    FORCE_SCRIPT_NAME is put before STATIC_URL, so pages ask for /app/static/, and the location is /static/.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    View the source of a page: the path of its style sheet.

Fix
    Let the location be for the whole path, or write STATIC_URL with a slash at its beginning so that nothing is put
    before it.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict, served_below

RULE = Rule("CW519", "script-name-route", "script-name", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    path = served_below(verdict.line)
    return (
        f"pages ask below {verdict.passage.sample.prefix}, and the files are served below {path}",
        f"make the location {verdict.passage.sample.prefix}",
    )
