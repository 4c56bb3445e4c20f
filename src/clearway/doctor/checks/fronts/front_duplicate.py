"""Two lines of the configuration exclude each other.

What it means
    nginx takes root or alias in a block, not both, and each path only once; nginx -t fails. A server that runs goes
    on with what it loaded before.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    nginx -t.

Fix
    Remove one of the two, test, then reload.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.configurations import all_directives, quoted
from clearway.doctor.stretches.relation import related
from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError

RULE = Rule("CW540", "front-duplicate", "config-not-loaded", Level.ERROR, Layer.FRONT, ("front", "site"))
_GROUND = ("root", "alias")


def look(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    if front.name != "nginx":
        return
    for each in all_directives(front.configuration):
        if each.name == "location" and len(own := [one for one in each.block or () if one.name in _GROUND]) > 1:
            yield _finding("root and alias exclude each other", [each, *own])
            return
    try:
        bool([server.locations for server in front.configuration.http.servers])
    except ConfigurationError as error:
        yield _finding(
            error.message, [each for each in all_directives(front.configuration) if each.location == error.location][:1]
        )


def _finding(message: str, lines: list[Directive]) -> Finding:
    return RULE.finding(
        f"nginx refuses this configuration: {message}",
        *map(quoted, lines),
        location=lines[0].location if lines else None,
        effect="a running server keeps the configuration it has, a new one does not start",
        fix=Fix("remove one of the two, then test and reload", commands=("nginx -t",)),
        breaks=frozenset({"static", "media", "uploads"}),
    )
