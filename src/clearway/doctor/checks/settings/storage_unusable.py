"""The storage of static files cannot be made.

What it means
    STORAGES has no entry "staticfiles", or names a class that is not installed or refuses its options. collectstatic
    stops, and so does every page with a {% static %} tag.

Why it breaks in production but not locally
    STORAGES is often written for production only, and replaces Django's default as a whole.

See it yourself
    python manage.py collectstatic --dry-run

Fix
    Name both entries, "default" and "staticfiles", and install what they name.

When to ignore
    Never; but the doctor may run without the packages of production.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.uninstalled import is_required, missing_package

RULE = Rule(
    "CW119",
    "storage-unusable",
    "not-collected",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "static_storage"),
    ("tree",),
)


def look(facts: Facts) -> Iterator[Finding]:
    settings, storage = facts.settings, facts.static_storage
    if not storage.problem or "django.contrib.staticfiles" not in settings["INSTALLED_APPS"]:
        return
    if "STATIC_URL" in storage.problem or "STATIC_ROOT" in storage.problem:
        return  # what they are set to is told by other checks
    package = missing_package(facts, storage.problem)
    if package and is_required(facts, package):
        return  # production installs it
    yield RULE.finding(
        "the storage of static files cannot be made, so nothing can be collected",
        storage.problem,
        f"STORAGES['staticfiles'] is {storage.backend or 'not there'}",
        location=settings.line_of("STORAGES"),
        effect="collectstatic stops, and every page with a static tag fails",
        fix=Fix('give STORAGES an entry "staticfiles" whose class is installed'),
        breaks=frozenset({"static"}),
        level=Level.WARNING if package else Level.ERROR,
    )
