"""The web server's worker may not pass a directory above the files.

What it means
    To read a file its process needs the right to enter every directory on the way; home directories are closed to
    others. chmod of the files alone never helps.

Why it breaks in production but not locally
    runserver runs as you, who own the files.

See it yourself
    namei -l of the file; sudo -u www-data cat of it.

Fix
    Open the directory for passing alone (chmod o+x, or an ACL for the worker), or collect outside of a home
    directory.

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

RULE = Rule("CW531", "perm-parent", "perm-parent", Level.ERROR, Layer.PERMISSION, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said, granting.fix)


def _said(verdict: Verdict) -> tuple[str, str]:
    return (
        f"the worker of {verdict.passage.front.name} cannot reach {verdict.passage.root}",
        "let the worker enter the directory of the proof, or move the files to /var/www",
    )
