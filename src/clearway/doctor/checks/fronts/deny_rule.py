"""A rule of the configuration forbids the file.

What it means
    deny, return 403, a password, valid_referers or internal holds for this URL; the file is never looked for.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    curl -I of the URL.

Fix
    Narrow the rule, or give the files a location that it does not hold for (^~).

When to ignore
    Where the files are meant to be closed to the public.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW515", "deny-rule", "deny-rule", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    rule = verdict.line
    written = " ".join([rule.name, *rule.words]) if rule else "a rule"
    if verdict.passage.sample.kind == "page":
        visit = verdict.passage.visit
        return (
            f"{written} forbids {visit.method} {visit.target}",
            "narrow the rule, so that it leaves this request alone",
        )
    return f"a rule forbids the file: {written}", "narrow the rule, so that it leaves the public files alone"
