"""An upload with the name of another replaces it.

What it means
    django-storages overwrites by default: of two visitors who upload photo.jpg, the first one's is gone, and its page
    shows the second.

Why it breaks in production but not locally
    FileSystemStorage makes up another name.

See it yourself
    Upload two files of one name.

Fix
    Set file_overwrite to False in OPTIONS of "default" (AWS_S3_FILE_OVERWRITE, GS_FILE_OVERWRITE).

When to ignore
    Where names are made unique, or replacing is what is wanted.
"""

from collections.abc import Iterator

from clearway.doctor.buckets.store import store
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW711",
    "uploads-overwritten",
    None,
    Level.NOTE,
    Layer.SETTINGS,
    ("settings", "media_storage", "file_fields"),
)


def look(facts: Facts) -> Iterator[Finding]:
    kept = store(facts, "default")
    name = "overwrite_files" if kept.family == "azure" else "file_overwrite"
    if facts.settings["DEBUG"] or not facts.file_fields or not kept.get(name):
        return
    said, where = kept.said(name)
    yield RULE.finding(
        "an upload with the name of another replaces it",
        said,
        f"{facts.file_fields[0]} takes files",
        location=where,
        effect="files of other visitors are lost",
        fix=Fix('set file_overwrite to False in OPTIONS of "default"'),
    )
