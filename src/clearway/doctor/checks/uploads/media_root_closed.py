"""The application cannot write to MEDIA_ROOT.

What it means
    The user under which the server of the application runs may not make files there, so each upload fails.

Why it breaks in production but not locally
    The directory was made by root, or by whoever deploys; locally all is one user.

See it yourself
    sudo -u the-user touch /path/to/media/x

Fix
    Give the directory to that user.

When to ignore
    Where uploads are stored by other means.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.writing import refusal, user

RULE = Rule(
    "CW612", "media-root-closed", "perm-file", Level.ERROR, Layer.PERMISSION, ("settings", "media_storage", "tree")
)


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if not settings["MEDIA_ROOT"] or not facts.media_storage.is_local or settings["DEBUG"]:
        return
    path = Path(settings["MEDIA_ROOT"]).absolute()
    problem = refusal(facts.tree, path) if path.exists() else ""
    if problem:
        owner = user(facts.tree)[0] or "the user of the application"
        yield RULE.finding(
            "uploads cannot be written to MEDIA_ROOT",
            f"MEDIA_ROOT = {path}",
            problem,
            location=settings.line_of("MEDIA_ROOT"),
            effect="each upload ends in a server error",
            fix=Fix(f"give {path} to {owner}", commands=(f"chown -R {owner} {path}",) if " " not in owner else ()),
            breaks=frozenset({"uploads"}),
        )
