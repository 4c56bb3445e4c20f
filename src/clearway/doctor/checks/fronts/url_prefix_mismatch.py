"""The files are served below another path than the pages ask for.

What it means
    A location leads to the right directory, and its path is not that of STATIC_URL or MEDIA_URL.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    curl -I of the URL in the page, and of the same name below the location's path.

Fix
    Make the two the same: the location's path, or the setting; whoever changes the setting restarts the
    application.

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

RULE = Rule("CW505", "url-prefix-mismatch", "url-prefix-mismatch", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    path = served_below(verdict.line)
    return (
        f"the files are served below {path}, and the pages ask below {verdict.passage.sample.prefix}",
        f"make the server answer below {verdict.passage.sample.prefix}, or the setting say {path.rstrip('*')}",
    )
