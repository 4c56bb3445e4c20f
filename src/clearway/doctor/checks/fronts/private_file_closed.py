"""The web server's worker may not read a private file.

What it means
    The application allows a download and names the file to the web server, whose worker may not read it. Django keeps
    small uploads with the modes of the umask, and large ones with 0600, unless FILE_UPLOAD_PERMISSIONS says otherwise.

Why it breaks in production but not locally
    runserver sends the file itself, and runs as you.

See it yourself
    sudo -u www-data cat of a private file; the error log has (13: Permission denied).

Fix
    chmod of the files that are there, and FILE_UPLOAD_PERMISSIONS = 0o640 with the group of the worker for those to
    come.

When to ignore
    Where the worker that answers is another user than the one of the proof; --worker names it.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.private_rights import closed

RULE = Rule("CW545", "private-file-closed", "perm-file", Level.ERROR, Layer.PERMISSION, (*FACTS, "handed_off"))


def look(facts: Facts) -> Iterator[Finding]:
    for each in closed(facts):
        if not each.is_above:
            yield RULE.finding(
                f"the web server may not read {each.path}",
                f"{each.reason} ({each.known_by})",
                effect="downloads are 403",
                fix=Fix(f"let the worker read it: setfacl -R -m u:{each.user}:rX {each.root}"),
            )
