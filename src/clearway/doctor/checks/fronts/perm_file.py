"""The web server's worker may not read the file.

What it means
    Its mode, owner or list of access keeps the worker out: collectstatic under a strict umask, or uploads that kept
    the mode of a temporary file.

Why it breaks in production but not locally
    runserver runs as you, who own the files.

See it yourself
    ls -l of the file; sudo -u www-data cat of it.

Fix
    chmod o+r for what is there; FILE_UPLOAD_PERMISSIONS = 0o644 for what will come.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import granting
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW532", "perm-file", "perm-file", Level.ERROR, Layer.PERMISSION, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said, granting.fix)


def _said(verdict: Verdict) -> tuple[str, str]:
    return (
        f"the worker of {verdict.passage.front.name} may not read {verdict.passage.due}",
        f"let everybody read the files in {verdict.passage.root}, which are public anyway",
    )
