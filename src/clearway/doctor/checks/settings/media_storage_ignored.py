"""DEFAULT_FILE_STORAGE is set, and Django does not read it any more.

What it means
    Since Django 5.1 only STORAGES is read. Uploads go to MEDIA_ROOT on the disk of this machine, and not to where
    DEFAULT_FILE_STORAGE says.

Why it breaks in production but not locally
    Such a storage is usually set in production only; on many platforms the disk is lost with each deployment.

See it yourself
    python manage.py diffsettings | grep -i storage

Fix
    STORAGES = {"default": {"BACKEND": "…what DEFAULT_FILE_STORAGE says…"}, "staticfiles": {…}}.

When to ignore
    Where STORAGES says the same; then this is not reported.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW118", "media-storage-ignored", "ephemeral-disk", Level.ERROR, Layer.SETTINGS, ("settings", "media_storage")
)
_PLAIN = "django.core.files.storage.FileSystemStorage"
_PLAINS = (_PLAIN, "django.core.files.storage.filesystem.FileSystemStorage")


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    meant, used = settings.get("DEFAULT_FILE_STORAGE"), facts.media_storage.backend
    if not meant or meant in (used, *_PLAINS) or used not in _PLAINS or settings["DEBUG"]:
        return
    yield RULE.finding(
        "DEFAULT_FILE_STORAGE is not read any more, so uploads stay on the disk of this machine",
        f"DEFAULT_FILE_STORAGE = {meant!r}",
        f"STORAGES['default'] is {used}",
        location=settings.line_of("DEFAULT_FILE_STORAGE"),
        effect=f"uploads are written to {settings['MEDIA_ROOT'] or 'the working directory'}, and lost with it",
        fix=Fix(f'write STORAGES = {{"default": {{"BACKEND": "{meant}"}}, "staticfiles": …}}'),
        breaks=frozenset({"media", "uploads"}),
    )
