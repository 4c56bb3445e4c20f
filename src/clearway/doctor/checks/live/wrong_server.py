"""Another server than the one that was meant answers for this address.

What it means
    The answer is that of another web server, or another site's: its certificate is for other names, its page is the
    one that a fresh installation shows, or it names another program than the one whose configuration was given.

Why it breaks in production but not locally
    Locally the address is that of runserver.

See it yourself
    curl -v of the URL: the names in the certificate, and the field Server.

Fix
    Add the host to the server block of the site (server_name, ServerName, the site's address), or let the name lead
    to the right machine; then reload.

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW404", "live-wrong-server", "wrong-server", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: answered by another server than the one that was meant",
        "nothing of the site arrives from there",
        "name the host in the server block of this site, or correct where the name leads; then reload",
    )
