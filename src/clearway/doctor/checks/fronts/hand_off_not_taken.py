"""The web server does nothing with the header that names a private file.

What it means
    A view answers with X-Accel-Redirect or X-Sendfile and an empty body, and the server before it puts the file there.
    nginx knows the first, Apache with mod_xsendfile the second below its XSendFilePath, Caddy what its
    handle_response says.

Why it breaks in production but not locally
    runserver answers by itself, and the view sends the file then.

See it yourself
    The download is empty, or 404; curl -i of it shows the header with the path of the file.

Fix
    Apache: XSendFile on and XSendFilePath with the directory. Another server: its own header. clearway front writes
    what belongs there.

When to ignore
    Where another server between this one and the application takes the header.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import taking
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.relation import related

RULE = Rule("CW542", "hand-off-not-taken", "internal-redirect", Level.ERROR, Layer.FRONT, (*FACTS, "handed_off"))


def look(facts: Facts) -> Iterator[Finding]:
    found = taking.untaken(related(facts), facts.handed_off)
    if found is None:
        return
    handed = found.handed
    where = f" at {handed.location.file}:{handed.location.line}" if handed.location else ""
    yield RULE.finding(
        found.message,
        f"the project sends {handed.header}: {handed.path}…{where}",
        *found.proof,
        location=found.line.location if found.line else handed.location,
        effect=found.effect,
        fix=Fix(found.fix),
    )
