"""The web server has no table of media types.

What it means
    Without include mime.types nginx knows html, gif and jpeg; style sheets and scripts get the default type, and
    browsers refuse them.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    curl -I of a style sheet: Content-Type is text/plain or application/octet-stream.

Fix
    Put include /etc/nginx/mime.types; into the http block.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import media_types
from clearway.doctor.stretches.diagnosis import FACTS

RULE = Rule("CW520", "mime-types-missing", "mime-types-missing", Level.ERROR, Layer.ANSWER, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from media_types.found(
        facts,
        RULE,
        "without a table of media types these get the wrong one",
        "include /etc/nginx/mime.types; in the http block",
    )
