"""A page asks for a name that is written with other capital letters.

What it means
    The file is there under a name that differs in upper and lower case only.

Why it breaks in production but not locally
    macOS and Windows take both for the same file.

See it yourself
    ls of the directory beside the URL.

Fix
    Write the name in the page as the file has it.

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

RULE = Rule("CW412", "live-name-case", "name-case", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: written with other capital letters than the file",
        "the URL is 404",
        "write the name as the file has it",
    )
