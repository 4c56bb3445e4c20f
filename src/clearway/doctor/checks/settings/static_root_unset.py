"""STATIC_ROOT is not set.

What it means
    collectstatic has no directory to put the files in, and a web server none to take them from.

Why it breaks in production but not locally
    With DEBUG on, runserver answers from the sources and never asks for STATIC_ROOT.

See it yourself
    python manage.py collectstatic --dry-run

Fix
    An absolute path that nothing else uses: STATIC_ROOT = BASE_DIR / "staticfiles". Then run collectstatic, and let
    the web server, or Clearway, answer from there.

When to ignore
    When the files are kept by a storage of its own, such as a bucket; then this is not reported.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts, Settings
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import followed
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW104",
    "static-root-unset",
    "static-root-misset",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "static_storage"),
)


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if settings["STATIC_ROOT"] or "django.contrib.staticfiles" not in settings["INSTALLED_APPS"]:
        return
    if facts.static_storage.is_local and not settings["DEBUG"]:
        yield RULE.finding(
            "STATIC_ROOT is not set, so no static file can be collected",
            f"STATIC_ROOT = {settings['STATIC_ROOT']!r}",
            location=settings.line_of("STATIC_URL"),
            effect="every URL below STATIC_URL is 404, the admin has no CSS",
            fix=_fix(settings),
            breaks=frozenset({"static"}),
        )


def _fix(settings: Settings) -> Fix:
    """As an edit where BASE_DIR is what startproject makes of it, and nothing of that name is there."""
    base, line = settings.get("BASE_DIR"), 'STATIC_ROOT = BASE_DIR / "staticfiles"'
    is_free = isinstance(base, Path) and not (base / "staticfiles").exists() and settings.line_of("STATIC_ROOT") is None
    edit = followed(settings.line_of("STATIC_URL"), line) if is_free else ""
    collect = ("python manage.py collectstatic --noinput",) if edit else ()
    return Fix(f"{line}, then python manage.py collectstatic", Safety.SAFE, edit, collect)
