"""The storage works with a manifest, and there is none, or none that can be read.

What it means
    A manifest storage looks every `{% static %}` name up in staticfiles.json. Without it each page that has such a
    tag fails with "Missing staticfiles manifest entry", and answers 500.

Why it breaks in production but not locally
    With DEBUG on, the storage gives the plain name and never asks for the manifest.

See it yourself
    ls STATIC_ROOT/staticfiles.json

Fix
    Run collectstatic with the settings of production: collected with another storage, as in development or in CI, no
    manifest is written. A run that stops at an error writes none either; its last line says which file it stopped at.
    A damaged manifest has to be removed first, since collectstatic reads it too.

When to ignore
    Never, where pages are to be answered.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Collected, Facts, Manifest, Sources, Unavailable, Use, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.names import without_hash
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW233",
    "manifest-absent",
    "manifest-missing",
    Level.ERROR,
    Layer.RECORD,
    ("settings", "manifest", "collected", "static_storage"),
    ("references", "sources", "tree"),
)
_COLLECT = "python manage.py collectstatic --noinput"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding, unless the manifest can be read."""
    manifest = facts.manifest
    if facts.settings["DEBUG"] or (manifest.exists and not manifest.problem):
        return
    tree = optional(lambda: facts.tree)
    root = facts.collected.root
    if not facts.collected.sizes and tree and (elsewhere := Deployment(tree).has_elsewhere(root)):
        raise Unavailable(f"collectstatic runs in {elsewhere}, whose files are not here")
    damaged = manifest.exists
    stops = [] if damaged else list(_stops(optional(lambda: facts.sources), optional(lambda: facts.references) or ()))
    yield RULE.finding(
        "the manifest of static files cannot be read" if damaged else "there is no manifest of static files",
        *_proof(facts, manifest),
        *some(stops),
        location=facts.settings.line_of("STORAGES"),
        effect=_effect(manifest),
        fix=_fix(manifest, stops=bool(stops)),
        breaks=frozenset({"static"}),
    )


def _proof(facts: Facts, manifest: Manifest) -> Iterator[str]:
    yield f"{manifest.file}: {manifest.problem}" if manifest.exists else f"{manifest.file} is not there"
    yield f"the storage is {facts.static_storage.backend}"
    if facts.collected.sizes and not manifest.exists:
        yield _collected(facts.collected)


def _effect(manifest: Manifest) -> str:
    if manifest.exists:
        return "the storage cannot be made: every page with a {% static %} tag answers 500"
    if not manifest.strict:
        return "pages link names with a hash that no file has: 404"
    return 'every page with a {% static %} tag answers 500: "Missing staticfiles manifest entry"'


def _collected(collected: Collected) -> str:
    hashed = sum(without_hash(name) is not None for name in collected.sizes)
    files = counted(len(collected.sizes), "file")
    if not hashed:
        return f"{collected.root} has {files}, none with a hash in its name"
    return f"{collected.root} has {files}, {hashed:,} with a hash in the name"


def _stops(sources: Sources | None, references: Sequence[Use]) -> Iterator[str]:
    """Where collectstatic would stop: a style sheet that refers to what is not there."""
    files = sources.files if sources else {}
    for use in references if sources else ():
        if use.name not in files and use.location.file.endswith(".css"):
            yield f"{use.location.file}:{use.location.line} refers to {use.name}, which no finder knows"


def _fix(manifest: Manifest, *, stops: bool) -> Fix:
    if manifest.exists:
        removed = f"rm {quote(manifest.file)}"
        return Fix("remove the damaged manifest and run collectstatic", Safety.SAFE, commands=(removed, _COLLECT))
    if stops:
        return Fix("correct the reference, at which collectstatic stops, and run it again", commands=(_COLLECT,))
    name = Path(manifest.file).name
    return Fix(
        f"run collectstatic with these settings; should {name} still be missing, its output says why",
        Safety.SAFE,
        commands=(_COLLECT,),
    )
