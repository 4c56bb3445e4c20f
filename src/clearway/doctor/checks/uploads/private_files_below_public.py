"""Private files lie in a directory that the application itself serves.

What it means
    The directory of private files is, or lies in, STATIC_ROOT, or MEDIA_ROOT with CLEARWAY["media"]["serve"] on. Those
    are answered to everybody before any view is asked.

Why it breaks in production but not locally
    runserver takes static files from their sources, and nobody looks for the other URL.

See it yourself
    curl of STATIC_URL or MEDIA_URL with the name of a private file, without a cookie.

Fix
    A directory beside both, and the files moved there.

When to ignore
    Never.
"""

from collections.abc import Iterator
from os.path import realpath
from pathlib import Path

from clearway.doctor.facts import Facts, PrivateRoot
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW615",
    "private-files-below-public",
    "secret-exposed",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "private_roots", "process"),
)


def look(facts: Facts) -> Iterator[Finding]:
    for root in facts.private_roots:
        name = next((name for name in _public(facts) if _lies_in(root, str(facts.settings[name] or ""))), None)
        if name:
            yield RULE.finding(
                f"private files lie in {name}",
                root.said,
                f"{name} = {str(facts.settings[name])!r}",
                location=root.location,
                effect="everybody gets them, and no permission is asked",
                fix=Fix(f"give them a directory beside {name}, and move them there"),
            )


def _public(facts: Facts) -> Iterator[str]:
    """Settings of directories that are served to everybody."""
    ours = facts.settings.get("CLEARWAY")
    media = ours.get("media") if isinstance(ours, dict) else None
    if facts.process.answers == "clearway" and isinstance(media, dict) and media.get("serve") is True:
        yield "MEDIA_ROOT"
    yield "STATIC_ROOT"


def _lies_in(root: PrivateRoot, folder: str) -> bool:
    """What is hidden below a directory that is served is not answered."""
    if not folder:
        return False
    outer, inner = Path(realpath(folder)), Path(realpath(root.path))
    return inner.is_relative_to(outer) and not any(part[0] == "." for part in inner.relative_to(outer).parts)
