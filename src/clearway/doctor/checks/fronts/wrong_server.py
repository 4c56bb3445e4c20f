"""Another server block answers for this host.

What it means
    The web server chose a server by address, port and name that does not serve the project's files; another server
    of the same configuration would.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    curl -I with the host and the port of the evidence; nginx -T shows every listen and server_name.

Fix
    Write the host into server_name (ServerName, the site's address) of the server that is meant, or give the one
    that answers the same locations: the one for HTTPS is easily forgotten.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW503", "wrong-server", "wrong-server", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    host = verdict.passage.visit.host
    where = f" at {verdict.other.location.file}:{verdict.other.location.line}" if verdict.other else ""
    return (
        f"another server answers for {host} on port {verdict.passage.visit.port}",
        f"let the server{where} answer for {host} on port {verdict.passage.visit.port}",
    )
