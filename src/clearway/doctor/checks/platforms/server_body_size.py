"""A server between the visitor and the application refuses larger uploads than the project takes.

What it means
    uWSGI (limit-post), waitress, mod_wsgi-express, Traefik and the nginx of a platform have a limit of their own, in a
    file of the project. The smallest of all on the way counts.

Why it breaks in production but not locally
    runserver has none, and no other server stands before it.

See it yourself
    Send a file between the two sizes: 413, or with uWSGI a connection that is closed, and in its log
    "Invalid (too big) CONTENT_LENGTH".

Fix
    Set the limit to what the forms may send, and 1 MB for what is around the files. uWSGI wants octets: of 10m it
    reads 10.

When to ignore
    Where this server is not on the way of uploads.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.deployed.body_limits import body_limits
from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import body

RULE = Rule(
    "CW809",
    "server-body-size",
    "body-size",
    Level.WARNING,
    Layer.APPLICATION,
    ("settings", "tree"),
    ("file_fields", "described"),
)


def look(facts: Facts) -> Iterator[Finding]:
    described = optional(lambda: facts.described)
    size = described.octets if described else None
    octets, because = (size, "the size of the request that fails") if size else body.wanted(facts) or (0, "")
    if facts.settings["DEBUG"] or not octets:
        return
    limits = [each for each in body_limits(Deployment(facts.tree)) if 0 < each.octets < octets]
    for each in sorted(limits, key=lambda limit: limit.octets)[:1]:
        yield RULE.finding(
            f"an upload of {octets:,} octets is refused by {each.server}",
            f"{Path(each.location.file).name}:{each.location.line}: {each.text}",
            f"that is {each.octets:,} octets",
            because,
            location=each.location,
            effect="larger uploads fail before the application sees them",
            fix=Fix(f"set it to what the forms may send: {octets:,} octets, and what is around the files"),
            breaks=frozenset({"uploads"}),
            level=Level.ERROR if size else Level.WARNING,
        )
