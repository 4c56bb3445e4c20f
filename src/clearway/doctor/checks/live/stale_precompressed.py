"""The encoded answer is not what the file is.

What it means
    What comes in gzip, br or zstd is another content than what comes without, or cannot be decoded: an encoded copy
    beside the file is older, or was made of something else.

Why it breaks in production but not locally
    runserver does not send encoded copies.

See it yourself
    curl --compressed of the URL beside curl of it.

Fix
    Encode the files again after each collectstatic, or remove the encoded copies.

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

RULE = Rule("CW424", "live-stale-precompressed", "stale-precompressed", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: the encoded answer is not what the file is",
        "browsers get older or broken files",
        "make the encoded copies again (clearway compress STATIC_ROOT), or remove them",
    )
