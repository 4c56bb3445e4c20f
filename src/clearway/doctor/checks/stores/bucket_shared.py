"""Static files and uploads are kept in the same place of one bucket.

What it means
    An upload may get the name of a static file and replace it, and what clears old static files meets uploads.

Why it breaks in production but not locally
    Locally they are two directories.

See it yourself
    List the bucket: both lie beside each other.

Fix
    Give each a location of its own in OPTIONS, such as "static" and "media".

When to ignore
    Where uploads have names that no static file has.
"""

from collections.abc import Iterator

from clearway.doctor.buckets.store import store
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW713",
    "bucket-shared",
    None,
    Level.NOTE,
    Layer.SETTINGS,
    ("settings", "static_storage", "media_storage", "file_fields"),
)


def look(facts: Facts) -> Iterator[Finding]:
    static, media = store(facts, "staticfiles"), store(facts, "default")
    is_same = (static.bucket, static.location, static.get("endpoint_url")) == (
        media.bucket,
        media.location,
        media.get("endpoint_url"),
    )
    if facts.settings["DEBUG"] or not is_same or not static.bucket or not facts.file_fields:
        return
    yield RULE.finding(
        f"static files and uploads lie beside each other in the bucket {static.bucket}",
        f"both have the location {static.location!r}",
        f"{facts.file_fields[0]} takes files",
        location=facts.settings.line_of("STORAGES"),
        effect="an upload may replace a static file",
        fix=Fix('give each a location of its own in OPTIONS, such as "static" and "media"'),
    )
