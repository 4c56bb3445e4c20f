"""The web server refuses larger uploads than the project takes.

What it means
    nginx refuses a body of more than 1 MB unless client_max_body_size says otherwise; the application is never
    asked.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    Send a larger file: 413, and the error log has the size.

Fix
    Set client_max_body_size (Caddy: request_body max_size, Apache: LimitRequestBody) to what the forms may send.

When to ignore
    Never.
"""

import re
from collections.abc import Iterator

from clearway.doctor.deployed.ingress import limit
from clearway.doctor.deployed.kubernetes import cluster
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import body
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.logged import last
from clearway.doctor.stretches.relation import related

RULE = Rule(
    "CW529",
    "front-body-size",
    "body-size",
    Level.WARNING,
    Layer.FRONT,
    ("settings",),
    (*(name for name in FACTS if name != "settings"), "file_fields", "papers", "described"),
)
_LOGGED = re.compile(r"too large body|AH01587|request body exceeds|content-length of")
_REMEDIES = {"nginx": "client_max_body_size", "caddy": "request_body max_size", "apache": "LimitRequestBody"}


def look(facts: Facts) -> Iterator[Finding]:
    """First of an ingress, for which no configuration of a front need be there."""
    told = list(_of_ingress(facts))
    yield from told or _of_front(facts)


def _of_ingress(facts: Facts) -> Iterator[Finding]:
    found, described = limit(cluster(facts)), optional(lambda: facts.described)
    if found is None or not found.octets:
        return
    size = described.octets if described else None
    octets, because = (size, "the size of the request that fails") if size else body.wanted(facts) or (0, "")
    if octets <= found.octets or not (found.written or size):
        return  # the controller may have another default
    yield RULE.finding(
        f"an upload of {octets:,} octets is refused by the ingress",
        found.written or f"ingress-nginx takes {found.octets:,} octets unless proxy-body-size says otherwise",
        because,
        location=found.location,
        effect="larger uploads are 413, before the application sees them",
        fix=Fix("set nginx.ingress.kubernetes.io/proxy-body-size to what the forms may send"),
        breaks=frozenset({"uploads"}),
        level=Level.ERROR if size else Level.WARNING,
    )


def _of_front(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    refused = body.refused(facts)
    if refused is None:
        return
    yield RULE.finding(
        f"an upload of {refused.octets:,} octets is refused",
        f"{refused.method} {refused.target} with {refused.octets:,} octets → 413 of {front.name}",
        *(quoted(each) for each in (refused.line,) if each),
        refused.because,
        *last(front, _LOGGED),
        location=refused.line.location if refused.line else refused.place,
        effect="larger uploads fail before the application sees them",
        fix=Fix(f"set {_REMEDIES[front.name]} to what the forms may send"),
        breaks=frozenset({"uploads"}),
        level=Level.ERROR if refused.is_described else Level.WARNING,
    )
