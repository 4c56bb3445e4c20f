"""Nothing serves the uploads.

What it means
    The web server hands MEDIA_URL to the application, and the application does not serve it: Django's static()
    helper is for DEBUG only, WhiteNoise serves no uploads.

Why it breaks in production but not locally
    With DEBUG on, the static() helper in urls.py serves MEDIA_ROOT; with DEBUG off it adds nothing.

See it yourself
    curl -I of the URL of an upload: Django's 404.

Fix
    Add a location for MEDIA_URL that leads to MEDIA_ROOT, or keep uploads in a storage that serves them.

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

RULE = Rule("CW538", "media-not-served", "media-not-served", Level.ERROR, Layer.APPLICATION, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    sample = verdict.passage.sample
    return (
        f"{sample.prefix} reaches the application, which does not serve it",
        f"add a location for {sample.prefix} with {verdict.passage.root}/",
    )
