"""The site lies below a path that its static URLs leave out.

What it means
    The page lies below a path; the file is 404 at the URL in the page, and arrives below that path.

Why it breaks in production but not locally
    Locally the site lies at the root.

See it yourself
    curl -i of both URLs.

Fix
    Write STATIC_URL without a leading slash, or with the path in it; FORCE_SCRIPT_NAME has to be the path.

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

RULE = Rule("CW414", "live-script-name", "script-name", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: there below the path of the site only",
        "pages come without their files",
        "put the path of the site before STATIC_URL, or write it without its leading slash and set FORCE_SCRIPT_NAME",
    )
