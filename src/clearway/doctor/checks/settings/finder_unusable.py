"""A finder of static files cannot be used.

What it means
    STATICFILES_FINDERS names a class that is not there, or one that fails when it lists its files. collectstatic
    stops.

Why it breaks in production but not locally
    runserver asks the finders one after the other and may find a file before it comes to the one that fails.

See it yourself
    python manage.py collectstatic --dry-run

Fix
    Correct the dotted name, or install the package.

When to ignore
    Never; but the doctor may run without the packages of production.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts, Unavailable
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.uninstalled import is_required, missing_package

RULE = Rule(
    "CW125", "finder-unusable", "not-collected", Level.ERROR, Layer.SETTINGS, ("settings",), ("sources", "tree")
)
_SAID = "the finders cannot list their files"
_RIGHTS = "Permission denied"  # of the user who asks


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    problem = _problem(facts)
    if not problem.startswith(_SAID) or _RIGHTS in problem:
        return
    if "STATICFILES_FINDERS" not in settings.given or "django.contrib.staticfiles" not in settings["INSTALLED_APPS"]:
        return  # what a finder of Django's refuses is told by other checks
    package = missing_package(facts, problem)
    if package and is_required(facts, package):
        return  # production installs it
    yield RULE.finding(
        "a finder of static files cannot be used, so nothing can be collected",
        problem,
        *(f"STATICFILES_FINDERS names {each}" for each in settings["STATICFILES_FINDERS"]),
        location=settings.line_of("STATICFILES_FINDERS"),
        effect="collectstatic stops",
        fix=Fix("correct the name in STATICFILES_FINDERS, or install what it names"),
        breaks=frozenset({"static"}),
        level=Level.WARNING if package else Level.ERROR,
    )


def _problem(facts: Facts) -> str:
    try:
        _ = facts.sources
    except Unavailable as missing:
        return str(missing)
    return ""
