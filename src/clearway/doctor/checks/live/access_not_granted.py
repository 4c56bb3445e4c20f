"""Apache refuses the directory of the files.

What it means
    Apache answers 403, and everybody may read the file: nothing in its configuration grants the directory.

Why it breaks in production but not locally
    runserver answers static files by itself; no other server and no cache stands before it.

See it yourself
    The error log says AH01630: client denied by server configuration.

Fix
    Require all granted in a Directory section for the directory.

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

RULE = Rule("CW417", "live-access-not-granted", "access-not-granted", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: refused by Apache, though its file may be read",
        "pages come without their files",
        "add a <Directory> section for it with Require all granted",
    )
