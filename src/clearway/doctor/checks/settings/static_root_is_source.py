"""STATIC_ROOT is a directory of sources, or overlaps with one.

What it means
    collectstatic copies sources into STATIC_ROOT. Where both are the same, Django refuses; where one is inside of the
    other, copies become sources of the next run, and --clear deletes what was written by hand.

Why it breaks in production but not locally
    runserver takes the files from their sources and never asks for STATIC_ROOT.

See it yourself
    python manage.py check --tag staticfiles

Fix
    A directory that nothing else uses: STATIC_ROOT = BASE_DIR / "staticfiles". What you write yourself stays in
    STATICFILES_DIRS or in the `static` directories of apps.

When to ignore
    Never.
"""

from collections.abc import Iterator
from os.path import realpath
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW114",
    "static-root-is-source",
    "static-root-misset",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "sources"),
)


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if not settings["STATIC_ROOT"]:
        return
    root = Path(realpath(settings["STATIC_ROOT"]))  # Path.resolve raises on a circle of links
    for source in map(Path, facts.sources.directories):
        relation = _relation(root, Path(realpath(source)))
        if relation and (not settings["DEBUG"] or relation == "is"):
            yield RULE.finding(
                f"STATIC_ROOT {relation} a directory of sources",
                f"STATIC_ROOT = {root}",
                f"{source} is one of the directories whose files collectstatic copies",
                location=settings.line_of("STATIC_ROOT"),
                effect=_EFFECTS[relation],
                fix=Fix('STATIC_ROOT = BASE_DIR / "staticfiles", or another directory of its own; then collect again'),
                breaks=frozenset({"static"}),
            )
            return


_EFFECTS = {
    "is": "collectstatic refuses to run, or would copy files onto themselves",
    "lies inside of": "collectstatic takes what it collected for sources, and copies it once more with each run",
    "contains": "collectstatic --clear deletes the sources, and whoever serves STATIC_ROOT serves them too",
}


def _relation(root: Path, source: Path) -> str:
    if root == source:
        return "is"
    if root.is_relative_to(source):
        return "lies inside of"
    return "contains" if source.is_relative_to(root) else ""
