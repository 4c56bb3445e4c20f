"""The table of media types has no entry for an extension.

What it means
    The file gets the default type, which browsers refuse for modules, scripts, style sheets, WebAssembly and SVG.
    The table that nginx ships has no mjs.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    curl -I of the file.

Fix
    Add the type beside include mime.types: types { text/javascript mjs; }.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import media_types
from clearway.doctor.stretches.diagnosis import FACTS

RULE = Rule("CW522", "mime-extension-unmapped", "mime-extension-unmapped", Level.ERROR, Layer.ANSWER, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from media_types.found(
        facts,
        RULE,
        "the table of media types does not have these",
        "add the extension to the table of the http block, beside include mime.types",
    )
