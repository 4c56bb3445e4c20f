"""STATICFILES_DIRS is one path, where Django wants a list of them.

What it means
    Of a string every character is taken for a directory, and of a Path nothing can be taken: the finders do not find
    your files, or cannot be made at all.

Why it breaks in production but not locally
    It breaks in both. `python manage.py check` says it too; a server that is started without it does not.

See it yourself
    python manage.py check --tag staticfiles

Fix
    Put the path in brackets: STATICFILES_DIRS = [BASE_DIR / "static"]. Parentheses alone make no tuple; a comma does.

When to ignore
    Never.
"""

import os
from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import listed
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW242", "static-dirs-no-list", "not-in-finders", Level.ERROR, Layer.SETTINGS, ("settings",))


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for what is no list, nor anything else that can be gone through."""
    given = facts.settings.get("STATICFILES_DIRS")
    if isinstance(given, str | os.PathLike) and str(given):
        yield RULE.finding(
            "STATICFILES_DIRS is a path, and has to be a list of paths",
            f"STATICFILES_DIRS = {given!r}",
            location=facts.settings.line_of("STATICFILES_DIRS"),
            effect="files of this directory are not found, and their URLs are 404",
            fix=Fix(
                f"STATICFILES_DIRS = [{str(given)!r}]", Safety.SAFE, listed(facts.settings.line_of("STATICFILES_DIRS"))
            ),
            breaks=frozenset({"static"}),
        )
