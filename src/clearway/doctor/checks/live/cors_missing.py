"""Another origin does not allow its files to this site.

What it means
    Fonts, modules and what has a crossorigin attribute are asked for with CORS; the answer has no Access-Control-
    Allow-Origin for the site, or more than one.

Why it breaks in production but not locally
    Locally page and files are of one origin.

See it yourself
    The console of the browser names CORS. curl -I -H 'Origin: https://the-site' of the file.

Fix
    Let the host of the files send Access-Control-Allow-Origin: *, once, whatever is asked; then purge its cache.

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

RULE = Rule("CW423", "live-cors-missing", "cors-missing", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: another origin does not allow it to the site",
        "browsers refuse the files",
        "let the host of the files send Access-Control-Allow-Origin: *, once, and purge its cache",
    )
