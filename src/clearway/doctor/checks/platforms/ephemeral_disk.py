"""Uploads are written to a disk that does not survive.

What it means
    On this platform, or in this container, files that the application writes are gone after the next deployment or
    restart. The database still names them.

Why it breaks in production but not locally
    Locally nobody throws the disk away.

See it yourself
    Upload a file, deploy again, and ask for it.

Fix
    Keep uploads in a bucket (STORAGES["default"]), or mount a disk or volume at MEDIA_ROOT.

When to ignore
    Where a disk is mounted there by means that no file of the project tells of.
"""

from collections.abc import Iterator

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.ephemeral import lost
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.uploading import SIGNS, signs

RULE = Rule(
    "CW803",
    "ephemeral-disk",
    "ephemeral-disk",
    Level.WARNING,
    Layer.PLATFORM,
    ("settings", "process", "media_storage", "tree"),
    (*SIGNS, "front", "papers"),
)


def look(facts: Facts) -> Iterator[Finding]:
    seen = list(signs(facts)) if facts.settings["MEDIA_ROOT"] else []
    found = lost(facts, Deployment(facts.tree)) if seen else None
    if found:
        yield RULE.finding(
            f"uploads are lost with the disk of {found.by}",
            found.why,
            *seen[:2],
            location=found.location,
            effect="after the next deployment or restart uploads are 404",
            fix=Fix('keep uploads in a bucket, STORAGES["default"], or mount a volume at MEDIA_ROOT'),
            breaks=frozenset({"media", "uploads"}),
        )
