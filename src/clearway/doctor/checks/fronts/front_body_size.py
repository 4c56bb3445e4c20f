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

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import body
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.relation import related

RULE = Rule("CW529", "front-body-size", "body-size", Level.WARNING, Layer.FRONT, (*FACTS, "file_fields"))
_REMEDIES = {"nginx": "client_max_body_size", "caddy": "request_body max_size", "apache": "LimitRequestBody"}


def look(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    refused = body.refused(facts)
    if refused is None:
        return
    yield RULE.finding(
        f"an upload of {refused.octets:,} octets is refused",
        f"POST {refused.target} with {refused.octets:,} octets → 413 of {front.name}",
        *(quoted(each) for each in (refused.line,) if each),
        refused.because,
        location=refused.line.location if refused.line else refused.place,
        effect="larger uploads fail before the application sees them",
        fix=Fix(f"set {_REMEDIES[front.name]} to what the forms may send"),
        breaks=frozenset({"uploads"}),
    )
