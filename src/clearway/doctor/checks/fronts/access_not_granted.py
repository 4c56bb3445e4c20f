"""Apache denies by default, and nothing grants the directory.

What it means
    The main configuration of Apache denies the whole disk; each directory that is served needs Require all granted.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    The error log has AH01630: client denied by server configuration.

Fix
    Add a Directory section for the directory with Require all granted.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW516", "access-not-granted", "access-not-granted", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    root = verdict.passage.root
    return f"nothing grants access to {root}", f"add <Directory {root}> Require all granted </Directory>"
