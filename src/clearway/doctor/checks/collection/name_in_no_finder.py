"""A static file that is used lies in the project, in a directory that no finder looks in.

What it means
    `{% static %}` gives it a URL, and collectstatic passes it by: the URL is 404. Django looks in the `static`
    directory of each app in INSTALLED_APPS, and in the directories of STATICFILES_DIRS; nowhere else.

Why it breaks in production but not locally
    It breaks in both, unless an editor's server, an alias of a web server, or an old copy in STATIC_ROOT hides it.

See it yourself
    python manage.py findstatic NAME

Fix
    Name the directory in STATICFILES_DIRS, add the app to INSTALLED_APPS, or move the file into an app's static
    directory; then run collectstatic.

When to ignore
    When the template that names it is never used.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Facts, Settings, Sources, Use
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.names import asked
from clearway.doctor.python_edit import followed
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stray_roots import in_other_case, root_of

RULE = Rule(
    "CW237",
    "name-in-no-finder",
    "not-in-finders",
    Level.ERROR,
    Layer.SOURCE,
    ("settings", "sources", "strays", "templates", "written", "references"),
)
_APP_FINDER = "django.contrib.staticfiles.finders.AppDirectoriesFinder"
_DIRECTORY_FINDER = "django.contrib.staticfiles.finders.FileSystemFinder"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for all such names."""
    settings, sources = facts.settings, facts.sources
    strays = {name: each for name, each in facts.strays.items() if not in_other_case(name, each[0], sources)}
    uses = [use for use in (*facts.templates, *facts.written, *facts.references) if _name(use) in strays]
    if not uses:
        return
    names = list(dict.fromkeys(_name(use) for use in uses))
    first = uses[0]
    root = root_of(_name(first), strays[_name(first)][0])
    yield RULE.finding(
        f"{names[0]} is in no directory that the finders look in"
        if len(names) == 1
        else f"{counted(len(names), 'static file')} are in no directory that the finders look in",
        *some([_row(use, strays[_name(use)][0]) for use in uses]),
        *_known(strays, names, sources),
        *_searched(settings),
        location=settings.line_of("STATICFILES_DIRS") or first.location,
        effect="collectstatic leaves out what no finder sees: the URL is 404",
        fix=_fix(root, strays[_name(first)][0], sources, settings),
        breaks=frozenset(f"static:{name}" for name in names),
    )


def _name(use: Use) -> str:
    return asked(use.name).lstrip("/")


def _row(use: Use, path: str) -> str:
    return f"{use.location.file}:{use.location.line} names {_name(use)}, which is {path}"


def _known(strays: Mapping[str, Sequence[str]], names: Sequence[str], sources: Sources) -> Iterator[str]:
    """Files that the finders know by another name."""
    logical = {path: name for name, path in sources.files.items()}
    for name in names:
        if real := next((logical[path] for path in strays[name] if path in logical), None):
            yield f"the finders know it as {real}"
            return


def _searched(settings: Settings) -> Iterator[str]:
    given = settings.get("STATICFILES_DIRS")
    entries = given if isinstance(given, list | tuple) else ()
    written = [str(each[1] if isinstance(each, list | tuple) else each) for each in entries]
    yield f"STATICFILES_DIRS = {written!r}"
    yield from (f"{each} of STATICFILES_DIRS is not there" for each in written if not Path(each).is_dir())
    if (finders := settings.get("STATICFILES_FINDERS")) and _APP_FINDER not in finders:
        yield f"STATICFILES_FINDERS has no {_APP_FINDER.rpartition('.')[2]}"


def _fix(root: Path, path: str, sources: Sources, settings: Settings) -> Fix:
    real = next((name for name, known in sources.files.items() if known == path), None)
    if real:
        return Fix(f"write {real!r} in the template")
    finders = settings.get("STATICFILES_FINDERS")
    if root.name == "static" and (root.parent / "apps.py").is_file():
        if finders and _APP_FINDER not in finders:
            return Fix(f"add {_APP_FINDER!r} to STATICFILES_FINDERS, then run collectstatic")
        return Fix(f'add the app "{root.parent.name}" to INSTALLED_APPS, then run collectstatic')
    if finders and _DIRECTORY_FINDER not in finders:
        return Fix(f"add {_DIRECTORY_FINDER!r} to STATICFILES_FINDERS, then run collectstatic")
    spelled = f"STATICFILES_DIRS = [{_spelled(root, settings)}]"
    is_new = "STATICFILES_DIRS" not in settings.given and spelled.startswith("STATICFILES_DIRS = [BASE_DIR")
    edit = followed(settings.line_of("STATIC_URL"), spelled) if is_new else ""
    collect = ("python manage.py collectstatic --noinput",) if edit else ()
    return Fix(f"name the directory, {spelled}, then run collectstatic", Safety.UNSAFE, edit, collect)


def _spelled(root: Path, settings: Settings) -> str:
    base = settings.get("BASE_DIR")
    if base and root.is_relative_to(base) and isinstance(base, Path):
        return " / ".join(["BASE_DIR", *(f'"{part}"' for part in root.relative_to(base).parts)])
    return repr(str(root))
