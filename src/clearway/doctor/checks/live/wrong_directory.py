"""The web server looks for the files in another directory than the one they are in.

What it means
    The web server answers 404 itself, so it maps the URL to a directory; the file is not there, or it is another
    one.

Why it breaks in production but not locally
    runserver answers static files by itself; no other server and no cache stands before it.

See it yourself
    The error log of the web server names the path that it looked for; compare it with STATIC_ROOT. clearway doctor
    --nginx FILE (--caddy, --apache) works it out.

Fix
    Let the location name the directory in which collectstatic writes.

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

RULE = Rule("CW409", "live-wrong-directory", "wrong-directory", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: looked for in a directory that does not have it",
        "pages come without their files",
        "let the location name the collected directory; the doctor shows the line when it is given the configuration",
    )
