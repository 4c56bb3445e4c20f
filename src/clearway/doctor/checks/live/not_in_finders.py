"""A page asks for a file that no finder knows.

What it means
    The answer is 404, others of the same directory arrive, and neither an app nor STATICFILES_DIRS has a file of
    this name: collectstatic cannot collect it.

Why it breaks in production but not locally
    The URL is written out in the page, or the file lies where only the development server looks.

See it yourself
    python manage.py findstatic NAME

Fix
    Move the file into the static directory of an app or of STATICFILES_DIRS, or correct the name.

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

RULE = Rule("CW411", "live-not-in-finders", "not-in-finders", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: asked for, and no finder knows it",
        "the page comes without it",
        "correct the name in the page, or add its directory to STATICFILES_DIRS",
    )
