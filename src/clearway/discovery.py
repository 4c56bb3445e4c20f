"""Which settings a command uses: `--settings`, the environment, else the files of the project that we are in.

These are parsed and never run: they may do anything.
"""

import ast
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "DJANGO_SETTINGS_MODULE"
_APPLICATIONS = ("wsgi.py", "asgi.py")
_MODULE = r"([A-Za-z_][\w.]*\w)"
_ASSIGNED = re.compile(rf"\b{VARIABLE}[\"']?\s*[=:\s]\s*[\"']?{_MODULE}|--settings[= ]{_MODULE}")
_SERVED = re.compile(r"\b(\w+\.[aw]sgi)\b")
_FOR_WORK = re.compile(r"local|dev|test|override")


class NoSettingsError(Exception):
    """Nobody says which settings to use; the message says who could."""


@dataclass(frozen=True)
class Choice:
    """A settings module, who named it, and the directory that must be importable for it."""

    module: str
    by: str
    path: Path | None = None


def choose(given: str | None, start: Path) -> Choice:
    """The settings module for a command that runs in `start`. Raises `NoSettingsError`.

    In this order: `given`, the environment, then what the nearest directory from `start` upward says in wsgi.py or
    asgi.py, Procfile, a unit of systemd or a Dockerfile, or manage.py.
    """
    folder = next((each for each in (start, *start.parents) if (each / "manage.py").is_file()), None)
    if given:
        return Choice(given, "--settings", folder)
    if named := os.environ.get(VARIABLE):
        return Choice(named, VARIABLE, folder)
    for each in (start, *start.parents):
        if found := next(_said(each, below=each in (start, folder)), None):
            module, file = found
            return Choice(module, str(file), folder or _importable(file.parent, module))
        if each == folder:
            break
    raise NoSettingsError(
        f"no settings: give --settings, set {VARIABLE}, or run this where wsgi.py, a Procfile or manage.py names them"
    )


def use(choice: Choice) -> None:
    """Make Django read these settings."""
    os.environ[VARIABLE] = choice.module
    for path in (str(choice.path or Path.cwd()),):
        if path not in sys.path:
            sys.path.insert(0, path)


def _said(folder: Path, *, below: bool) -> Iterator[tuple[str, Path]]:
    """(settings module, file) of everything in a directory that names one, the first that counts first.

    `below`: also of the packages in it, which above us may be those of other projects.
    """
    for files, read in (
        (_applications(folder, "*/" if below else ""), _in_python),
        ([folder / "Procfile"], _in_lines),
        ([*_named(folder, "*.service"), *_dockerfiles(folder)], _in_lines),
        ([folder / "manage.py"], _in_python),
    ):
        yield from _read(files, read)


def _read(files: list[Path], read: Callable[[str], Iterator[str]]) -> Iterator[tuple[str, Path]]:
    for file in files:
        try:
            text = file.read_text("utf-8", "replace") if file.is_file() else ""
        except OSError:
            continue
        if module := next(read(text), None):
            yield module, file


def _applications(folder: Path, below: str) -> list[Path]:
    """wsgi.py and asgi.py here, and in the packages below; first those that a server is told to run."""
    patterns = dict.fromkeys(["", below])
    found = [file for name in _APPLICATIONS for each in patterns for file in _named(folder, each + name)]
    told = " ".join(_text(file) for file in (folder / "Procfile", *_named(folder, "*.service"), *_dockerfiles(folder)))
    served = set(_SERVED.findall(told))
    return sorted(found, key=lambda file: (f"{file.parent.name}.{file.stem}" not in served, found.index(file)))


def _dockerfiles(folder: Path) -> list[Path]:
    found = [*_named(folder, "Dockerfile*"), *_named(folder, "*.Dockerfile")]
    return [file for file in found if not _FOR_WORK.search(file.name.lower())]


def _named(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(file for file in folder.glob(pattern) if "-packages" not in str(file) and file.is_file())
    except OSError:
        return []


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def _importable(folder: Path, module: str) -> Path:
    """The nearest directory upward that has the first part of a module's name."""
    first = module.partition(".")[0]
    places = (folder, *folder.parents)
    return next((each for each in places if (each / first).is_dir() or (each / f"{first}.py").is_file()), folder)


def _in_lines(text: str) -> Iterator[str]:
    """`DJANGO_SETTINGS_MODULE=…` or `--settings …` in a line that is no comment."""
    for line in text.splitlines():
        if not line.lstrip().startswith("#") and (found := _ASSIGNED.search(line)):
            yield found[1] or found[2]


def _in_python(text: str) -> Iterator[str]:
    """`os.environ.setdefault("DJANGO_SETTINGS_MODULE", "…")` or `os.environ["DJANGO_SETTINGS_MODULE"] = "…"`."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Constant(value=key), value]) if key == VARIABLE:
                yield from _module(value)
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=key))], value=value) if key == VARIABLE:
                yield from _module(value)


def _module(node: ast.expr) -> Iterator[str]:
    """A text, or the default of `os.environ.get("…", "…")` and `os.getenv("…", "…")`."""
    match node:
        case ast.Constant(value=str(module)):
            yield module
        case ast.Call(args=[ast.Constant(), ast.Constant(value=str(module))]):
            yield module
