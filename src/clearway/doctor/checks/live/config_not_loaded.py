"""The running server does not do what its configuration says.

What it means
    What was worked out of the configuration and what was answered differ: the file was edited and not loaded, it is
    not the file that the server reads, or another server answers.

Why it breaks in production but not locally
    runserver answers static files by itself; no other server and no cache stands before it.

See it yourself
    nginx -T shows what a fresh start would load; the workers' start time shows when it was loaded last.

Fix
    Test and reload: nginx -t && nginx -s reload.

When to ignore
    Where the given file is not the one of this host.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW429", "live-config-not-loaded", "config-not-loaded", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    return (
        f"{files(group)}: not answered as the configuration says",
        "the server does not do what the file says",
        "test the configuration and reload the server; or give the one that this host runs",
    )
