"""Which settings a command uses: `--settings`, the environment, else the manage.py of the project we are in.

manage.py is parsed and never run: it may do anything.
"""

import ast
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "DJANGO_SETTINGS_MODULE"


class NoSettingsError(Exception):
    """Nobody says which settings to use; the message says who could."""


@dataclass(frozen=True)
class Choice:
    """A settings module, who named it, and the directory that must be importable for it."""

    module: str
    by: str
    path: Path | None = None


def choose(given: str | None, start: Path) -> Choice:
    """The settings module for a command that runs in `start`. Raises `NoSettingsError`."""
    manage = next((path for folder in (start, *start.parents) if (path := folder / "manage.py").is_file()), None)
    folder = manage.parent if manage else None
    if given:
        return Choice(given, "--settings", folder)
    if named := os.environ.get(VARIABLE):
        return Choice(named, VARIABLE, folder)
    if manage and (parsed := _in_manage_py(manage)):
        return Choice(parsed, str(manage), folder)
    raise NoSettingsError(f"no settings: give --settings, set {VARIABLE}, or run this where manage.py names them")


def use(choice: Choice) -> None:
    """Make Django read these settings."""
    os.environ[VARIABLE] = choice.module
    for path in (str(choice.path or Path.cwd()),):
        if path not in sys.path:
            sys.path.insert(0, path)


def _in_manage_py(path: Path) -> str | None:
    """`os.environ.setdefault("DJANGO_SETTINGS_MODULE", "…")` or `os.environ["DJANGO_SETTINGS_MODULE"] = "…"`."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    return next(_named(tree), None)


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Constant(value=key), ast.Constant(value=str(module))]) if key == VARIABLE:
                yield module
            case ast.Assign(
                targets=[ast.Subscript(slice=ast.Constant(value=key))], value=ast.Constant(value=str(module))
            ) if key == VARIABLE:
                yield module
