"""uWSGI maps the prefix to another directory than the one that was collected into.

What it means
    static-map makes uWSGI itself look for the files. What it does not find there it hands to the application, which
    answers no files with DEBUG off.

Why it breaks in production but not locally
    runserver answers static files by itself; uWSGI is not there.

See it yourself
    ls of both directories in the evidence.

Fix
    Name STATIC_ROOT, or MEDIA_ROOT, in static-map. Do not name the sources: they have neither the admin's files nor
    hashed names.

When to ignore
    Where a deployment step copies the files to the other directory; then let STATIC_ROOT name it.
"""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import HELPFUL, NEEDED, beside_uwsgi
from clearway.doctor.uwsgi import Mappings

RULE = Rule(
    "CW807",
    "uwsgi-other-directory",
    "wrong-directory",
    Level.ERROR,
    Layer.FRONT,
    NEEDED,
    (*HELPFUL, "collected"),
)
_NOT_ASKED_FOR = (".gz", ".br", ".zst", "staticfiles.json")


def look(facts: Facts) -> Iterator[Finding]:
    for kind, names in (("static", _collected(facts)), ("media", _upload(facts))):
        mappings = Mappings(facts, kind)
        found = None if facts.settings["DEBUG"] else mappings.unanswered(names)
        if found and not beside_uwsgi(facts, kind):
            mapped, name = found
            setting = f"{kind.upper()}_ROOT"
            yield RULE.finding(
                f"uWSGI maps {mapped.prefix} to another directory than {setting}",
                f"{Path(mapped.location.file).name}:{mapped.location.line}: {mapped.text}",
                f"{setting} = {facts.settings[setting]}",
                f"{name} is there, and not in {mapped.directory}",
                location=mapped.location,
                effect=f"URLs below {mappings.paths[0]} are 404",
                fix=Fix(f"let it map {mapped.prefix} to {mappings.due}"),
                breaks=frozenset({kind}),
            )


def _collected(facts: Facts) -> Iterator[str]:
    """Names that pages ask for."""
    collected = optional(lambda: facts.collected)
    yield from (name for name in sorted(collected.sizes if collected else ()) if not name.endswith(_NOT_ASKED_FOR))


def _upload(facts: Facts) -> Iterator[str]:
    """The first that is there."""
    root = str(facts.settings["MEDIA_ROOT"] or "")
    files = (Path(folder, name) for folder, _, names in os.walk(root) for name in sorted(names) if name[0] != ".")
    yield from (file.relative_to(root).as_posix() for file in islice(files, 1))
