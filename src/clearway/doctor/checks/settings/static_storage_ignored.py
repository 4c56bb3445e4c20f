"""STATICFILES_STORAGE is set, and Django does not read it any more.

What it means
    Since Django 5.1 only STORAGES is read. The storage that STATICFILES_STORAGE names is not used: no names with
    hashes, no manifest, no compressed files, no bucket.

Why it breaks in production but not locally
    Such a storage is usually set in production only.

See it yourself
    python manage.py diffsettings | grep -i storage

Fix
    STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
                "staticfiles": {"BACKEND": "…what STATICFILES_STORAGE says…"}}, then run collectstatic.

When to ignore
    Where the settings also serve a Django before 4.2, and STORAGES says the same; then this is not reported.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW117", "static-storage-ignored", "manifest-missing", Level.ERROR, Layer.SETTINGS, ("settings", "static_storage")
)
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    meant, used = settings.get("STATICFILES_STORAGE"), facts.static_storage.backend
    if not meant or meant in (used, _PLAIN) or used != _PLAIN or settings["DEBUG"]:
        return
    where = settings.line_of("STATICFILES_STORAGE")
    yield RULE.finding(
        "STATICFILES_STORAGE is not read any more, so its storage is not used",
        f"STATICFILES_STORAGE = {meant!r}",
        f"STORAGES['staticfiles'] is {used}",
        location=where,
        effect="pages name files without hashes, and what that storage would have made is not there",
        fix=Fix(f'write STORAGES = {{"default": …, "staticfiles": {{"BACKEND": "{meant}"}}}}, then collect again'),
        breaks=frozenset({"static"}),
    )
