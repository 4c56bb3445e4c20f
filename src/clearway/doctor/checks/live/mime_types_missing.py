"""Style sheets and scripts come without their media type.

What it means
    Neither style sheets nor scripts have the type that browsers demand: the server has no table of types.

Why it breaks in production but not locally
    runserver answers static files by itself; no other server and no cache stands before it.

See it yourself
    curl -I of a style sheet: Content-Type is text/plain or application/octet-stream.

Fix
    include mime.types; in the http block of nginx; AddType in Apache; the type of the object in a bucket.

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

RULE = Rule("CW421", "live-mime-types-missing", "mime-types-missing", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: a media type that browsers refuse",
        "browsers refuse the files",
        "include the table of media types",
    )
