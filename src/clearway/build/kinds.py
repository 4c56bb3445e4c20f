"""What can be wrong with the sources of a build: every kind with its id, name, usual severity and remedy.

The numbers are those of the findings (CW2xx: the build); a number is never used again for something else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ERROR, WARN, IGNORE, NOTE = "error", "warn", "ignore", "note"
SETTABLE = (ERROR, WARN, IGNORE)
"""What `CLEARWAY["problems"]` can say; a note is shown on request only."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An id, a name that states the bad thing, what to do, and how bad it is in own and in third-party code."""

    id: str
    name: str
    fix: str
    own: str = ERROR
    third_party: str = ERROR
    is_fixed: bool = False  # no rule makes it milder


MISSING_FILE = Kind(
    "CW201",
    "missing-reference",
    "correct the reference, or add the file to a static directory",
)
MISSING_MAP = Kind(
    "CW202",
    "missing-source-map",
    "add the map, remove the comment that names it, or ignore it: CLEARWAY['problems'] = {'CW202': 'ignore'}",
    third_party=WARN,
)
OUTSIDE = Kind(
    "CW203",
    "reference-outside-static-url",
    "write a URL below STATIC_URL, or one that starts with / for what is no static file",
)
OTHER_CASE = Kind(
    "CW204",
    "reference-in-other-case",
    "write the name as the file has it: capital letters count in production",
)
AT_RUN_TIME = Kind(
    "CW205",
    "reference-at-run-time",
    "correct the URL, or, when a page or a service answers it, ignore: CLEARWAY['problems'] = {'CW205': 'ignore'}",
    own=WARN,
    third_party=WARN,
)
SECRET = Kind(
    "CW211",
    "secret-file",
    "move it out of the static directory, and change the secrets in it if it was ever public",
)
PRIVATE_KEY = Kind(
    "CW212",
    "private-key",
    "move it out of the static directory, and replace the key if it was ever public",
)
VERSION_CONTROL = Kind(
    "CW213",
    "version-control-folder",
    "move it out of the static directory, or leave it out: collectstatic --ignore",
    own=WARN,
    third_party=WARN,
)
NODE_MODULES = Kind(
    "CW214",
    "node-modules",
    "collect only what pages use: name the folder of each package in STATICFILES_DIRS, or bundle it",
    own=WARN,
    third_party=IGNORE,
)
UNCOMPILED = Kind(
    "CW215",
    "uncompiled-source",
    "keep it outside of static directories, or leave it out: collectstatic --ignore",
    own=WARN,
    third_party=IGNORE,
)
SAME_BUT_CASE = Kind(
    "CW216",
    "names-that-differ-in-case",
    "rename one: on Windows and macOS they are one file",
    own=WARN,
    third_party=WARN,
)
SAME_BUT_FORM = Kind(
    "CW217",
    "names-that-differ-in-unicode-form",
    "rename one: they look the same, and on macOS they are one file",
    own=WARN,
    third_party=WARN,
)
CONFLICT = Kind(
    "CW218",
    "two-sources-for-one-name",
    "rename one, or remove it; the order of STATICFILES_FINDERS, STATICFILES_DIRS and INSTALLED_APPS decides",
    own=WARN,
    third_party=WARN,
)
OVERRIDE = Kind(
    "CW219",
    "overridden-source",
    "nothing to do if it is meant",
    own=NOTE,
    third_party=NOTE,
)
RESERVED = Kind(
    "CW220",
    "reserved-name",
    "rename it: Clearway and Django keep their records there",
    own=WARN,
    third_party=WARN,
)
CHANGED = Kind(
    "CW221",
    "bundle-changed-under-its-name",
    "let the bundler name the file by its final content; browsers keep the old one for a year",
    is_fixed=True,
)

KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        MISSING_FILE,
        MISSING_MAP,
        OUTSIDE,
        OTHER_CASE,
        AT_RUN_TIME,
        SECRET,
        PRIVATE_KEY,
        VERSION_CONTROL,
        NODE_MODULES,
        UNCOMPILED,
        SAME_BUT_CASE,
        SAME_BUT_FORM,
        CONFLICT,
        OVERRIDE,
        RESERVED,
        CHANGED,
    )
}
REFERENCES = frozenset({MISSING_FILE.id, MISSING_MAP.id, OUTSIDE.id, OTHER_CASE.id, AT_RUN_TIME.id})
