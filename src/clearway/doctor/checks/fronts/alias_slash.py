"""A slash is on one side only, so two parts of the path are glued together.

What it means
    The server cuts the location's path off the URL and puts the alias before what is left, with nothing between:
    /static/ with alias /srv/static looks for /srv/staticcss/site.css.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    The error log names the glued path.

Fix
    End both in a slash, or neither.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator
from urllib.parse import quote

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.answers import first_of
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.mending import patch_for
from clearway.doctor.stretches.passage import Passage
from clearway.doctor.stretches.terrain import terrain
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW507", "alias-slash", "alias-slash", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)
    for passage in first_of(facts, "static", "media"):
        if passage.delivers and (outside := _outside(passage)).delivers:
            yield _open(facts, passage, outside)


def _outside(passage: Passage) -> Passage:
    """The same file by a way through the directory above, which /static without a slash opens."""
    folder = passage.root.rpartition("/")[2]
    return passage.asking(quote(f"{passage.sample.prefix.rstrip('/')}../{folder}/{passage.sample.name}"))


def _open(facts: Facts, passage: Passage, outside: Passage) -> Finding:
    ground = terrain(passage)
    return RULE.finding(
        f"everything beside {passage.root} can be fetched: the path has no slash at its end, and the alias has one",
        f"GET {outside.visit.target} → 200, {outside.road.outcome.file}",
        *(quoted(each) for each in (ground.block, ground.ground) if each),
        location=ground.block.location if ground.block else None,
        effect="files of the project are public",
        fix=Fix("end both the path and the directory in a slash", Safety.SAFE, patch_for(facts, "traversal")),
        level=Level.WARNING,
    )


def _said(verdict: Verdict) -> tuple[str, str]:
    ground = verdict.other or verdict.line
    written = " ".join([ground.name, *ground.words]) if ground else "the alias"
    return f"a slash is missing at the end of: {written}", "end both the path and the directory in a slash"
