"""A static file is named in other capital letters than it has.

What it means
    The file systems and the URLs of production know no such name: the file is 404.

Why it breaks in production but not locally
    On macOS and Windows logo.png and Logo.PNG are one file; on Linux they are two.

See it yourself
    python manage.py findstatic NAME, on Linux

Fix
    Write the name as the file has it. When it is the file that you rename, rename it twice on macOS and Windows, since
    git does not see a change of capital letters there: git mv Logo.PNG other, git mv other logo.png.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Facts, Use, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.names import asked
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stray_roots import in_other_case
from clearway.doctor.template_edit import renamed

RULE = Rule(
    "CW236",
    "name-in-other-case",
    "name-case",
    Level.ERROR,
    Layer.SOURCE,
    ("sources", "templates", "written", "references"),
    ("collected", "strays"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for all names that only capital letters keep from their file."""
    wrong = list(_wrong(facts))
    if wrong:
        names = dict.fromkeys(_name(use) for use, _ in wrong)
        first, right = wrong[0]
        files = facts.sources.files
        yield RULE.finding(
            f"{_name(first)} is written, and the file is called {right}"
            if len(names) == 1
            else f"{counted(len(names), 'static file')} are named in other capital letters than they have",
            *some([f"{_place(use)}: {use.name!r}; the file is {files[real]}" for use, real in wrong]),
            location=first.location,
            effect="the URL is 404 where file names are told apart by case, as on Linux",
            fix=Fix(
                f"write {_corrected(first, right)!r}",
                Safety.SAFE,
                renamed((use, _corrected(use, real)) for use, real in wrong),
            ),
            breaks=frozenset(f"static:{name}" for name in names),
        )
    yield from _directories(facts)


def _wrong(facts: Facts) -> Iterator[tuple[Use, str]]:
    """Uses, and the names that the files have."""
    files = facts.sources.files
    folded = {name.casefold(): name for name in files}
    for use in (*facts.templates, *facts.written, *facts.references):
        name = _name(use)
        if name not in files and name.casefold() in folded and not _is_collected(facts, name):
            yield use, folded[name.casefold()]


def _directories(facts: Facts) -> Iterator[Finding]:
    """A directory that finders would look in if its own name were in small letters."""
    strays = optional(lambda: facts.strays) or {}
    found = {name: root for name, paths in strays.items() if (root := in_other_case(name, paths[0], facts.sources))}
    if found:
        root = next(iter(found.values()))
        yield RULE.finding(
            f"the finders look for a directory that differs from {root.name} in capital letters",
            f"{root} has {', '.join(list(found)[:3])}",
            effect="collectstatic passes it by on Linux, and its URLs are 404",
            fix=Fix(f"rename {root} as the finders have it, in two steps on macOS and Windows"),
            breaks=frozenset(f"static:{name}" for name in found),
        )


def _place(use: Use) -> str:
    return f"{use.location.file}:{use.location.line}"


def _name(use: Use) -> str:
    return asked(use.name).lstrip("/")


def _is_collected(facts: Facts, name: str) -> bool:
    """Whether something else than collectstatic put a file of this name there."""
    collected = optional(lambda: facts.collected)
    return collected is not None and name in collected.sizes


def _corrected(use: Use, right: str) -> str:
    """The name as it is written, in the right letters."""
    at = use.name.casefold().find(right.casefold())
    return use.name[:at] + right + use.name[at + len(right) :] if at >= 0 else right
