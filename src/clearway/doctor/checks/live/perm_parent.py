"""The web server may not read what it has found.

What it means
    The web server answers 403 itself. Most often its user may not pass a directory above the file, such as a home
    directory with the mode 0700.

Why it breaks in production but not locally
    runserver runs as the owner of the files.

See it yourself
    sudo -u www-data cat FILE, with the user of the web server; its error log says: Permission denied.

Fix
    Give others the right to pass each directory (chmod o+x) and to read the file, or put the collected files
    elsewhere.

When to ignore
    Where a rule of the server is meant to refuse it.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW416", "live-perm-parent", "perm-parent", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: refused by the web server itself",
        "pages come without their files",
        "let the user of the web server pass every directory above the file; namei -l of its path shows their modes",
    )
