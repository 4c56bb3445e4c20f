"""The location leads to another directory than the one that was collected into.

What it means
    The web server looks where the files are not: STATIC_ROOT or MEDIA_ROOT is another directory than that of the
    location.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    ls of both directories in the evidence.

Fix
    Name the same directory on both sides. Do not point the server at the sources: they have neither the admin's
    files nor hashed names.

When to ignore
    Where a deployment step copies the files to the other directory; then let STATIC_ROOT name it.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW509", "wrong-directory", "wrong-directory", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    passage = verdict.passage
    what = "STATIC_ROOT" if passage.sample.kind == "static" else "MEDIA_ROOT"
    return f"{passage.sample.prefix} leads to another directory than {what}", f"name {passage.root}/ there"
