"""Page and file are of different builds.

What it means
    The page names a file of one build, and where it is asked for there is another: pages are still of the old
    build, files only of the new one, or not all servers have it.

Why it breaks in production but not locally
    On the machine of a developer there is one build, and one server.

See it yourself
    Compare the name in the page with the names in STATIC_ROOT of each server.

Fix
    Publish files before pages; keep the files of older builds for as long as pages are kept; deploy all servers.

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

RULE = Rule("CW428", "live-mixed-release", "mixed-release", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: named by the page, and not there in this build",
        "pages come without their files",
        "publish the files before the pages, on all servers, and keep those of older builds",
    )
