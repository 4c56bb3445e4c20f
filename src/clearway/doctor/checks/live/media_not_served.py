"""Nothing answers for uploads.

What it means
    Uploads that a page shows are 404: the application was asked for them, which serves none, or none of them
    arrives.

Why it breaks in production but not locally
    With DEBUG on, static() in urls.py serves MEDIA_ROOT.

See it yourself
    curl -i of the URL.

Fix
    Give the web server a location for MEDIA_URL, or keep uploads in an object store. WhiteNoise does not serve
    them.

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

RULE = Rule("CW419", "live-media-not-served", "media-not-served", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: nothing answers for uploads",
        "uploads do not appear",
        "give the web server a location for MEDIA_URL that names MEDIA_ROOT",
    )
