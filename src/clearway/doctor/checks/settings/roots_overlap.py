"""Uploads are kept in STATIC_ROOT.

What it means
    MEDIA_ROOT is STATIC_ROOT, or lies inside of it. Uploads are then served as static files, may overwrite one of the
    same name, and `collectstatic --clear` deletes them. A STATIC_ROOT inside of MEDIA_ROOT does none of that.

Why it breaks in production but not locally
    runserver takes static files from their sources and never looks into STATIC_ROOT.

See it yourself
    python manage.py diffsettings | grep _ROOT

Fix
    A MEDIA_ROOT outside of STATIC_ROOT. Move the uploads before collectstatic runs again.

When to ignore
    Never.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW107", "roots-overlap", "static-root-misset", Level.ERROR, Layer.SETTINGS, ("settings",))


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if not (settings["STATIC_ROOT"] and settings["MEDIA_ROOT"]):
        return
    static, media = (Path(settings[name]).absolute() for name in ("STATIC_ROOT", "MEDIA_ROOT"))
    if static == media:
        said = "STATIC_ROOT and MEDIA_ROOT are the same directory"
    elif media.is_relative_to(static):
        said = "MEDIA_ROOT lies inside of STATIC_ROOT"
    else:
        return
    yield RULE.finding(
        said,
        f"STATIC_ROOT = {static}",
        f"MEDIA_ROOT = {media}",
        location=settings.line_of("MEDIA_ROOT") or settings.line_of("STATIC_ROOT"),
        effect="uploads are served as static files, may overwrite them, and collectstatic --clear deletes them",
        fix=Fix('give each a directory of its own, such as BASE_DIR / "staticfiles" and BASE_DIR / "media"'),
        breaks=frozenset({"static", "media"}),
    )
