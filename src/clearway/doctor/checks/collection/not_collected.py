"""Files that the finders know are not in STATIC_ROOT.

What it means
    collectstatic did not run since these files were added, or its result never reached this place.

Why it breaks in production but not locally
    With DEBUG on, runserver answers from the sources. In production only what was collected is there.

See it yourself
    python manage.py collectstatic --dry-run --noinput

Fix
    Run collectstatic with the settings of production, on the machine or in the image that answers. When it was run,
    compare the directory that it named with STATIC_ROOT here, and look for a volume that hides it.

When to ignore
    On a machine that never serves the files, such as a workstation. Files that collectstatic was told to ignore are
    not reported: sources of CSS and JavaScript, and directories of which nothing was collected and nothing is used.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.answering import from_sources
from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.evidence import some
from clearway.doctor.facts import Collected, Facts, Settings, Unavailable, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.missing import Missing
from clearway.doctor.names import asked
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW230",
    "not-collected",
    "not-collected",
    Level.ERROR,
    Layer.COLLECTION,
    ("settings", "sources", "collected"),
    ("manifest", "templates", "written", "references", "tree", "process"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding, for all files or for some."""
    collected, sources, settings = facts.collected, facts.sources, facts.settings
    manifest = optional(lambda: facts.manifest)
    names = manifest.names if manifest else {}
    missing = [name for name in sources.files if not {name, names.get(name)} & collected.sizes.keys()]
    if not missing or settings["DEBUG"] or collected.broken_links.get(""):
        return
    if by := from_sources(facts):
        raise Unavailable(f"static files are answered from their sources: {by}")
    whole = len(missing) == len(sources.files)
    tree = optional(lambda: facts.tree)
    if whole and tree and (elsewhere := Deployment(tree).has_elsewhere(collected.root)):
        raise Unavailable(f"collectstatic runs in {elsewhere}, whose files are not here")
    wanted = missing if whole else Missing(missing, sources, collected, _used(facts)).wanted()
    if wanted:
        yield RULE.finding(
            _message(wanted, len(sources.files), whole=whole),
            *_proof(collected.root, sorted(wanted), exists=collected.exists),
            location=settings.line_of("STATIC_ROOT"),
            effect=_effect(len(wanted), whole=whole),
            fix=_fix(settings, collected),
            breaks=frozenset({"static"} if whole else {f"static:{name}" for name in wanted}),
        )


def _used(facts: Facts) -> frozenset[str]:
    facts_of = (lambda: facts.templates, lambda: facts.written, lambda: facts.references)
    return frozenset(asked(use.name).lstrip("/") for fact in facts_of for use in optional(fact) or ())


def _message(wanted: list[str], total: int, *, whole: bool) -> str:
    if whole:
        return "nothing was collected"
    if len(wanted) == 1:
        return f"{wanted[0]} was not collected"
    if all(name.startswith("admin/") for name in wanted):
        return f"the {len(wanted):,} files of the admin were not collected"
    return f"{len(wanted):,} of {total:,} files were not collected"


def _effect(number: int, *, whole: bool) -> str:
    if whole:
        return "every static URL is 404"
    return "their URLs are 404" if number > 1 else "its URL is 404"


def _proof(root: str, wanted: list[str], *, exists: bool) -> Iterator[str]:
    if exists:
        yield from some([f"{root}/{name} is not there" for name in wanted])
        return
    yield f"{root} is not there"
    first = next((above for above in reversed(Path(root).parents) if not above.exists()), None)
    if first:
        yield f"neither is {first}: this may be a path of another machine"


def _fix(settings: Settings, collected: Collected) -> Fix:
    if not any("staticfiles" in str(name) for name in settings["INSTALLED_APPS"]):
        return Fix('add "django.contrib.staticfiles" to INSTALLED_APPS, which brings collectstatic, and run it')
    if not collected.exists and not Path(collected.root).parent.parent.exists():
        return Fix("set STATIC_ROOT to a directory of this machine, or look where it was collected; then collectstatic")
    return Fix("run collectstatic", Safety.SAFE, commands=("python manage.py collectstatic --noinput",))
