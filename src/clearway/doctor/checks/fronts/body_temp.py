"""The web server cannot write the copy of a large upload.

What it means
    nginx writes a body that does not fit its buffer into client_body_temp_path; where its worker may not, the
    answer is 500 for large uploads only.

Why it breaks in production but not locally
    runserver keeps uploads by itself.

See it yourself
    The error log names the path: (13: Permission denied).

Fix
    Give the directory to the worker; a restart as root repairs the owner of the directory, not of those above.

When to ignore
    Never.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.logged import last
from clearway.doctor.stretches.nginx import Ground
from clearway.doctor.stretches.passage import passages
from clearway.doctor.stretches.relation import related
from clearway.fronts.permission import judge

RULE = Rule("CW530", "body-temp", "body-temp", Level.ERROR, Layer.PERMISSION, FACTS)
_LOGGED = re.compile(r"client_body.*\(13: Permission denied\)|/\d{10}\" failed \(13: Permission denied\)")


def look(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    page = next(passages(facts, "page"), None)
    scope = Ground(page).scope if page and front.name == "nginx" and not front.worker.is_guess else None
    lines = scope.nearest("client_body_temp_path") if scope else []
    if not lines or not lines[-1].words:
        return
    folder = front.paths.here(front.configuration.full(lines[-1].words[0]))
    judged = judge(front.worker.worker, folder, "wx")
    if Path(folder).is_dir() and judged.allowed is False and judged.error:
        yield RULE.finding(
            f"the worker of nginx may not write into {folder}",
            f"{judged.reason} ({front.worker.known_by})",
            quoted(lines[-1]),
            *last(front, _LOGGED),
            location=lines[-1].location,
            effect="large uploads are 500",
            fix=Fix(f"give it to the worker: chown {front.worker.worker.name} {folder}"),
            breaks=frozenset({"uploads"}),
        )
