"""Files of one kind come with the wrong media type.

What it means
    Files of other kinds have theirs; the table of the server lacks this extension, or the object was uploaded with
    a wrong type.

Why it breaks in production but not locally
    runserver has a table of its own.

See it yourself
    curl -I of the file.

Fix
    Add the extension to the table of types; in a bucket, write the object again with its type.

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW422", "live-mime-extension-unmapped", "mime-extension-unmapped", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: a media type that browsers refuse",
        "browsers refuse the files",
        "add the extension to the table of media types",
    )
