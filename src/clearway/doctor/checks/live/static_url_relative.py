"""The URL of a file is taken from the page's own path.

What it means
    The file is 404 at the URL that the page makes of it, and arrives from the root of the site: the URL in the page
    has no leading slash.

Why it breaks in production but not locally
    It works on pages at the root of the site, which are the ones one looks at first.

See it yourself
    curl -i of both URLs.

Fix
    Begin STATIC_URL with a slash, and use {% static %} for URLs that are written out.

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

RULE = Rule("CW415", "live-static-url-relative", "static-url-relative", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: asked for below the page's own path",
        "pages below the root come without their files",
        "begin the URL with a slash",
    )
