"""Pages name files of one build, and the files there are of another.

What it means
    The name in a manifest or a template has the hash of one build; STATIC_ROOT has the file under that of another. The
    URL that the page links is 404.

Why it breaks in production but not locally
    Development has no hashed names. The two parts come from different runs: only one of them was deployed, rolled back
    or built again, or the manifest is kept apart from the files.

See it yourself
    Compare the two names in the proof.

Fix
    Deploy both from one build: run collectstatic (after the bundler, where there is one) where the files are served,
    or bring manifest and files together. Clearway keeps the files of earlier releases, so that pages of both work.

When to ignore
    Never.
"""

from collections.abc import Iterator, Mapping

from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Facts, Manifest, Use, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.names import asked, builds, without_hash
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW239",
    "files-of-two-releases",
    "mixed-release",
    Level.ERROR,
    Layer.RECORD,
    ("settings", "sources", "collected"),
    ("manifest", "templates", "written"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for names whose file is there under the hash of another build."""
    collected = facts.collected
    if facts.settings["DEBUG"]:
        return
    there = builds([*collected.sizes, *facts.sources.files])
    manifest = optional(lambda: facts.manifest)
    uses = [*(optional(lambda: facts.templates) or ()), *(optional(lambda: facts.written) or ())]
    known = {*collected.sizes, *facts.sources.files, *(manifest.names if manifest else ())}
    rows = [*_of_manifest(manifest, collected.sizes, there), *_of_pages(uses, known, there)]
    if rows:
        names = {name for names, _ in rows for name in names}
        count = len({names[-1] for names, _ in rows})
        yield RULE.finding(
            f"{counted(count, 'name')} in the manifest {'is' if count == 1 else 'are'} of another build than the files",
            *some([row for _, row in rows]),
            location=next((use.location for use in uses if asked(use.name).lstrip("/") in names), None)
            or facts.settings.line_of("STATIC_ROOT"),
            effect="pages link URLs that are 404",
            fix=Fix("deploy pages, manifest and files of one build: run collectstatic where the files are served"),
            breaks=frozenset(f"static:{name}" for name in names),
        )


def _of_manifest(
    manifest: Manifest | None, sizes: Mapping[str, int], there: Mapping[str, list[str]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, published in manifest.names.items() if manifest else ():
        others = there.get(without_hash(published) or "")
        if published not in sizes and others:
            row = f"{manifest.file if manifest else ''} has {published}; there is {others[-1]}"
            yield (name, published), row


def _of_pages(
    uses: list[Use], known: set[str], there: Mapping[str, list[str]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for use in uses:
        name = asked(use.name).lstrip("/")
        others = there.get(without_hash(name) or "")
        if name not in known and others:
            yield (name,), f"{use.location.file}:{use.location.line} names {name}; there is {others[-1]}"
