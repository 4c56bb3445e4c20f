"""The application goes on with the files that were there when it started.

What it means
    The file is in STATIC_ROOT, and the application that serves it answers 404, or with older content: it listed the
    files at its start.

Why it breaks in production but not locally
    runserver looks for every file anew.

See it yourself
    Compare the time of the file with that of the start of the workers.

Fix
    Restart the application after collectstatic.

When to ignore
    Where a restart is on its way.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW413", "live-scan-at-start", "scan-at-start", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: in STATIC_ROOT, and the running application does not know it",
        "pages come without their files",
        "restart the application after collectstatic",
    )
