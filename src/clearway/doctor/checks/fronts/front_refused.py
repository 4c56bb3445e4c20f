"""The web server refuses its configuration.

What it means
    A line is wrong, so nginx -t (caddy validate, apachectl configtest) fails. A server that runs goes on with what
    it loaded before: the edited file is not what answers. After a restart nothing answers.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    nginx -t, caddy validate, apachectl configtest.

Fix
    Repair the line of the proof, test, then reload.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW501", "front-refused", "config-not-loaded", Level.ERROR, Layer.FRONT, ("broken_front",))
_TESTS = {"nginx": "nginx -t", "caddy": "caddy validate", "apache": "apachectl configtest"}


def look(facts: Facts) -> Iterator[Finding]:
    broken = facts.broken_front
    if broken.location is None:
        return
    yield RULE.finding(
        f"{broken.name} refuses this configuration",
        f"{broken.location.file}:{broken.location.line}: {broken.reason}",
        location=broken.location,
        effect="a running server keeps the configuration it has, a new one does not start",
        fix=Fix("repair the line, test, then reload", commands=(_TESTS[broken.name],)),
        breaks=frozenset({"static", "media", "uploads"}),
    )
