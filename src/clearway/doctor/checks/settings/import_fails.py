"""The settings cannot be imported, or one of them is nothing that Django can use.

What it means
    Python stopped while it read the settings module, or while Django loaded the apps that it names; or a setting is of
    another shape than Django takes it for. No command of the project works with these settings, and neither does the
    site.

Why it breaks in production but not locally
    Settings often read what only one of the two has: an environment variable, a secret, a package of the development
    requirements.

See it yourself
    python -c "import django; django.setup()" with DJANGO_SETTINGS_MODULE set as in production.

Fix
    The proof has the error and the line it comes from. Set what is missing, or name other settings with --settings.

When to ignore
    Never; but the doctor may simply have been started without the environment of the site.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW110", "settings-import-fails", None, Level.ERROR, Layer.SETTINGS, ("origin",))


def look(facts: Facts) -> Iterator[Finding]:
    origin = facts.origin
    if origin.problem:
        yield RULE.finding(
            origin.failure,
            origin.problem,
            location=origin.location,
            effect="nothing that needs the settings can be looked at",
            fix=Fix("set what the proof names, as the site has it, or give other settings with --settings"),
            breaks=frozenset({"static", "media", "uploads"}),
        )
