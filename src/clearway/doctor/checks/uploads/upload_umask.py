"""The service's umask makes directories of uploads that the web server cannot enter.

What it means
    FILE_UPLOAD_PERMISSIONS is for files. New directories get what the umask of the process leaves, unless
    FILE_UPLOAD_DIRECTORY_PERMISSIONS is set.

Why it breaks in production but not locally
    The umask is the unit's.

See it yourself
    ls -ld /path/to/media/*

Fix
    FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755; chmod the directories that are there already.

When to ignore
    Where the web server runs as the user of the application.
"""

import re
from collections.abc import Iterator

from clearway.doctor.facts import Facts, Tree
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import followed
from clearway.doctor.rule import Layer, Rule
from clearway.fronts.road import Location

RULE = Rule(
    "CW613",
    "upload-umask",
    "perm-parent",
    Level.WARNING,
    Layer.SETTINGS,
    ("settings", "media_storage", "tree"),
)
_GROUP = 0o070
_OPEN = "FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755"


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    is_kept = settings["MEDIA_ROOT"] and facts.media_storage.is_local
    if not is_kept or settings["DEBUG"] or settings.get("FILE_UPLOAD_DIRECTORY_PERMISSIONS"):
        return
    for umask, where in _umasks(facts.tree):
        if umask & _GROUP == _GROUP and umask & 0o001:
            yield RULE.finding(
                "only the user of the application can enter new directories of uploads",
                f"{where.file}:{where.line} sets the umask {umask:04o}",
                f"FILE_UPLOAD_DIRECTORY_PERMISSIONS is None, so they get {0o777 & ~umask:04o}",
                location=where,
                effect="what is uploaded into a new directory is 403",
                fix=Fix(_OPEN, Safety.UNSAFE, followed(settings.line_of("MEDIA_ROOT"), _OPEN)),
                breaks=frozenset({"uploads", "media"}),
            )
            return


def _umasks(tree: Tree) -> Iterator[tuple[int, Location]]:
    for name in tree.texts:
        for number, line in tree.lines(name):
            if found := re.match(r"\s*(?:UMask\s*=\s*|umask\s+|umask\s*=\s*)(?:0o?)?([0-7]{2,4})\b", line):
                yield int(found[1], 8), tree.location(name, number)
