"""Middleware answers for a static file before the one that serves it.

What it means
    The file is redirected to a login or refused by the application, although it has middleware that serves files:
    other middleware stands above it.

Why it breaks in production but not locally
    runserver answers static files before any middleware.

See it yourself
    curl -i of the file: 302 to a login, or 403.

Fix
    Put the middleware that serves files right after SecurityMiddleware.

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

RULE = Rule("CW407", "live-middleware-order", "middleware-order", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: not answered by the middleware that serves files",
        "pages come without their files",
        "move it in MIDDLEWARE to the place right after SecurityMiddleware",
    )
