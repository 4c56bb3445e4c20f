"""Files that pages ask for are not where they are served.

What it means
    The answer is 404, and everything on the way to the file seems right: others arrive, or it is not here either.
    collectstatic was not run there, or what it wrote did not get there.

Why it breaks in production but not locally
    With DEBUG on, files come from the apps themselves.

See it yourself
    On the serving machine: ls of the file below STATIC_ROOT.

Fix
    Run collectstatic in the deployment, with the settings of production, and let its result get to where it is
    served.

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

RULE = Rule("CW410", "live-not-collected", "not-collected", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: not where it is served from",
        "pages come without their files",
        "run collectstatic in the deployment, and let what it writes get there",
    )
