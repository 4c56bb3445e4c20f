"""The web server runs in a sandbox that hides the files.

What it means
    ProtectHome, PrivateTmp, a snap or a container gives its process another view of the disk: the directory is
    empty there.

Why it breaks in production but not locally
    runserver runs outside of the sandbox.

See it yourself
    ls /proc/PID/root/… with the number of the worker.

Fix
    Move the files out of /home and /tmp, or change the unit with a drop-in.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import units
from clearway.doctor.stretches.answers import first_of
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.passage import Passage
from clearway.doctor.stretches.verdict import Verdict
from clearway.fronts.road import Location

RULE = Rule("CW533", "hidden-by-sandbox", "sandbox", Level.ERROR, Layer.PERMISSION, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    told = list(found(facts, RULE, _said))
    yield from told
    for passage in first_of(facts, "static", "media"):
        if not told and passage.delivers and (line := units.hiding(facts, passage.sample.file)):
            yield _by_unit(passage, *line)


def _by_unit(passage: Passage, line: str, location: Location) -> Finding:
    return RULE.finding(
        f"the unit of {passage.front.name} hides {passage.root} from it",
        f"{location.file}:{location.line}: {line}",
        f"the right file is {passage.due}",
        location=location,
        effect=f"no {passage.sample.kind} file arrives",
        fix=Fix("move the files to /srv or /var/www, or change this line of the unit"),
        breaks=frozenset({passage.sample.kind}),
    )


def _said(verdict: Verdict) -> tuple[str, str]:
    return (
        f"the worker of {verdict.passage.front.name} does not see {verdict.passage.root}",
        "move the files to /srv or /var/www, or mount them there",
    )
