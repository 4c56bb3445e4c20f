"""A types block on an inner level replaces the whole table.

What it means
    nginx inherits types only where the inner level has none: one line for .mjs in a server or a location takes the
    types of everything else away.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    curl -I of a style sheet.

Fix
    Move the types block beside include mime.types: blocks of one level are joined.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import media_types
from clearway.doctor.stretches.diagnosis import FACTS

RULE = Rule("CW521", "mime-types-replaced", "mime-types-replaced", Level.ERROR, Layer.ANSWER, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from media_types.found(
        facts,
        RULE,
        "a types block replaces the whole table, so that these lose their type",
        "move the types block into the http block, beside include mime.types",
    )
