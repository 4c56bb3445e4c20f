"""The web server's worker cannot enter the directory of private files.

What it means
    The application allows a download and names the file to the web server, whose worker may not pass a directory on
    the way. Directories that the application made with mode 0700 are closed to another user.

Why it breaks in production but not locally
    runserver sends the file itself, and runs as you.

See it yourself
    sudo -u www-data cat of a private file; the error log has (13: Permission denied).

Fix
    Let the group of the worker pass: chgrp and chmod g+x of the directory of the proof, and
    FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 for those to come. Others need no right.

When to ignore
    Where the worker that answers is another user than the one of the proof; --worker names it.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.private_rights import closed

RULE = Rule("CW544", "private-parent-closed", "perm-parent", Level.ERROR, Layer.PERMISSION, (*FACTS, "handed_off"))


def look(facts: Facts) -> Iterator[Finding]:
    for each in closed(facts):
        if each.is_above:
            yield RULE.finding(
                f"the web server cannot enter {each.root}",
                f"{each.reason} ({each.known_by})",
                effect="downloads are 403",
                fix=Fix(f"let the worker enter the directory of the proof: setfacl -m u:{each.user}:x"),
            )
