"""Django reads no request as large as the one that fails.

What it means
    A body that is not multipart/form-data is read into memory as a whole, up to DATA_UPLOAD_MAX_MEMORY_SIZE, which is
    2.5 MB unless the settings say otherwise. Above it Django answers 400. Files in a multipart form do not count.

Why it breaks in production but not locally
    What is sent there for a trial is smaller.

See it yourself
    The log of the application has RequestDataTooBig.

Fix
    Send files as multipart/form-data, or set DATA_UPLOAD_MAX_MEMORY_SIZE to what the view may have to read.

When to ignore
    Where the view reads the request as a stream and never asks for its body.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW614",
    "django-body-size",
    "body-size",
    Level.WARNING,
    Layer.APPLICATION,
    ("settings", "described"),
    ("front", "roads"),
)
_LIMIT = "DATA_UPLOAD_MAX_MEMORY_SIZE"
_FORM = "application/x-www-form-urlencoded"


def look(facts: Facts) -> Iterator[Finding]:
    settings, described = facts.settings, facts.described
    limit, octets = settings.get(_LIMIT), described.octets
    media = described.fields.get("content-type", "").partition(";")[0].strip().lower()
    if limit is None or octets is None or octets <= limit or not media or media == "multipart/form-data":
        return
    front = optional(lambda: facts.front)
    asked = [each for each in optional(lambda: facts.roads) or () if each.is_described]
    if front and not front.found and any(each.trace.road.outcome.by == front.name for each in asked):
        return
    yield RULE.finding(
        f"a body of {octets:,} octets is more than Django reads into memory",
        f"{described.method} with {octets:,} octets of {media}",
        f"{_LIMIT} is {limit:,}",
        location=settings.line_of(_LIMIT),
        effect="a view that asks for the body, or for its fields, is answered 400",
        fix=Fix(f"set {_LIMIT} to what this view takes, or send files as multipart/form-data"),
        breaks=frozenset({"uploads"}),
        level=Level.ERROR if media == _FORM else Level.WARNING,
    )
