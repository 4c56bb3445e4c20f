"""A template names a static file that the manifest does not have.

What it means
    A manifest storage raises "Missing staticfiles manifest entry" for such a name: the page answers 500.

Why it breaks in production but not locally
    With DEBUG on, the storage gives back any name, with or without a file behind it.

See it yourself
    python manage.py findstatic NAME

Fix
    Where the file exists, run collectstatic. Where the name is wrong, write it as findstatic has it: without a slash at
    its beginning, without STATIC_URL, without the hash.

When to ignore
    When the template is never used; better remove it.
"""

from collections.abc import Iterator, Mapping, Sequence
from posixpath import normpath

from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Facts, Manifest, Use, is_installed, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.names import asked
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.template_edit import renamed

RULE = Rule(
    "CW235",
    "name-without-manifest-entry",
    "manifest-missing",
    Level.ERROR,
    Layer.RECORD,
    ("settings", "manifest", "templates"),
    ("sources",),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for all names without an entry."""
    manifest, settings = facts.manifest, facts.settings
    if settings["DEBUG"] or not manifest.exists or manifest.problem or not manifest.strict:
        return
    unknown = [use for use in facts.templates if asked(use.name) and asked(use.name) not in manifest.names]
    unknown = [use for use in unknown if not is_installed(use.location.file)]
    if unknown:
        sources = optional(lambda: facts.sources)
        files = sources.files if sources else {}
        names = list(dict.fromkeys(use.name for use in unknown))
        yield RULE.finding(
            _message(names),
            *some([_row(use, manifest, files, str(settings["STATIC_URL"] or "")) for use in unknown]),
            location=unknown[0].location,
            effect='the page answers 500: "Missing staticfiles manifest entry"',
            fix=_fix(unknown, manifest, files, str(settings["STATIC_URL"] or "")),
            breaks=frozenset(f"static:{asked(name).lstrip('/')}" for name in names),
        )


def _message(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]!r} in a template has no entry in the manifest"
    return f"{counted(len(names), 'name')} in templates have no entry in the manifest"


def _row(use: Use, manifest: Manifest, files: Mapping[str, str], url: str) -> str:
    name, place = asked(use.name), f"{use.location.file}:{use.location.line}"
    if name in manifest.names.values():
        return f"{place}: {use.name!r} is a published name; tags take the one without the hash"
    if name in files:
        return f"{place}: {use.name!r} is {files[name]}, which {manifest.file} does not list"
    if right := _right(name, manifest, url):
        return f"{place}: {use.name!r}; {manifest.file} has {right!r}"
    return f"{place}: {use.name!r} is neither in {manifest.file} nor known to a finder"


def _fix(unknown: Sequence[Use], manifest: Manifest, files: Mapping[str, str], url: str) -> Fix:
    if all(asked(use.name) in files for use in unknown):
        collect = "python manage.py collectstatic --noinput"
        return Fix("run collectstatic", Safety.SAFE, commands=(collect,))
    pairs = [(use, right) for use in unknown if (right := _right(asked(use.name), manifest, url))]
    if pairs:
        first, right = pairs[0]
        return Fix(f"write {right!r} instead of {first.name!r}", Safety.SAFE, renamed(pairs))
    return Fix("correct the name, or add the file to a static directory and run collectstatic")


def _right(name: str, manifest: Manifest, url: str) -> str:
    """The entry that is meant, where only one can be; else empty."""
    by_published = {published: logical for logical, published in manifest.names.items()}
    plain = normpath(name.replace("\\", "/")).lstrip("/")
    shorter = plain.removeprefix(url.strip("/") + "/")
    found = [each for each in (plain, shorter) if each in manifest.names]
    return found[0] if found else by_published.get(plain, "")
