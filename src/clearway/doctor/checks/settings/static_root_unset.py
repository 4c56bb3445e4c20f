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

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
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
            fix=Fix('STATIC_ROOT = BASE_DIR / "staticfiles", then python manage.py collectstatic'),
            breaks=frozenset({"static"}),
        )
