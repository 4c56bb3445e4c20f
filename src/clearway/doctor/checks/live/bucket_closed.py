"""A bucket refuses everything that pages ask of it.

What it means
    Every file of the bucket is answered with 403 AccessDenied: its policy, or the block of public access of the
    bucket or of the account, lets nobody read who has no signature.

Why it breaks in production but not locally
    Locally files come from the disk.

See it yourself
    curl -i of a URL: 403, and a body with AccessDenied.

Fix
    Let a CDN read the bucket (origin access), or allow public reads of the static files; or sign the URLs of media.

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

RULE = Rule("CW430", "live-bucket-closed", "s3-public-blocked", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: refused by the bucket",
        "pages come without their files",
        "let a CDN with origin access read the bucket, or allow public reads of these files",
    )
