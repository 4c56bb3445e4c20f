"""STATIC_ROOT has symbolic links that lead nowhere.

What it means
    The name is there and the file is not: servers answer 404, and what walks the directory may stop at it.

Why it breaks in production but not locally
    collectstatic --link writes links to the sources. They break when the sources lie elsewhere in production, when
    the virtual environment is made anew, or when STATIC_ROOT is copied into an image or to another machine.

See it yourself
    find STATIC_ROOT -xtype l

Fix
    Run collectstatic without --link: it replaces links by copies.

When to ignore
    Never.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from shlex import quote

from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW238",
    "collected-link-broken",
    "symlink-broken",
    Level.ERROR,
    Layer.COLLECTION,
    ("settings", "collected"),
    ("sources",),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for all links; a broken STATIC_ROOT hides all others."""
    collected = facts.collected
    if not collected.broken_links or facts.settings["DEBUG"]:
        return
    whole = "" in collected.broken_links
    places = {f"{collected.root}/{name}".rstrip("/"): target for name, target in collected.broken_links.items()}
    yield RULE.finding(
        "STATIC_ROOT is a link that leads nowhere"
        if whole
        else f"{counted(len(places), 'link')} in STATIC_ROOT {'leads' if len(places) == 1 else 'lead'} nowhere",
        *some([f"{place} → {target}" for place, target in places.items()]),
        location=facts.settings.line_of("STATIC_ROOT"),
        effect="every static URL is 404" if whole else "their URLs are 404" if len(places) > 1 else "its URL is 404",
        fix=Fix("point the link to the collected files, or make a directory of it and run collectstatic")
        if whole
        else Fix("run collectstatic without --link", Safety.SAFE, commands=tuple(_commands(facts))),
        breaks=frozenset({"static"} if whole else {f"static:{name}" for name in collected.broken_links}),
    )


def _commands(facts: Facts) -> Iterator[str]:
    """Where a directory is due, collectstatic stops at a link."""
    collected, sources = facts.collected, optional(lambda: facts.sources)
    folders = {str(above) for name in (sources.files if sources else ()) for above in PurePosixPath(name).parents}
    if stopping := sorted(name for name in collected.broken_links if name in folders):
        yield f"rm {' '.join(quote(f'{collected.root}/{name}') for name in stopping)}"
    yield "python manage.py collectstatic --noinput"
