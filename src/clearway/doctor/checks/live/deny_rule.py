"""A rule refuses the file.

What it means
    The answer is 401 or 403, not that of the application, and pages of the site are not refused: a rule of the
    server or of the CDN is about this path, this referrer or this visitor.

Why it breaks in production but not locally
    runserver answers static files by itself; no other server and no cache stands before it.

See it yourself
    curl -i of the URL, with and without Referer.

Fix
    Take the path of the static files out of the rule.

When to ignore
    Where the file is not for everybody.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW418", "live-deny-rule", "deny-rule", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: refused by a rule",
        "pages come without their files",
        "take the path of these files out of the rule",
    )
