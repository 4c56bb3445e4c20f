"""Where a setting is written, to tell a person."""

import ast
from pathlib import Path

from .bindings import events
from .modules import Modules
from .refusal import DoubtError


def last_place(modules: Modules, name: str) -> tuple[Path, int]:
    """(file, line) of the last statement about a setting, else the beginning of the chosen module."""
    for source in modules.chain():
        lines = [event.statement.lineno for event in events(source.tree, name) if event.how != "taken"]
        if lines:
            return source.path, lines[-1]
    return modules.chain()[0].path, 1


def nowhere(modules: Modules, name: str) -> DoubtError:
    """For a setting that no statement of a module makes."""
    found = in_class(modules, name) or in_class(modules, "INSTALLED_APPS")
    if found is not None:
        return found
    first = modules.chain()[0]
    for path in sorted(first.path.parent.rglob("*.py")) if first.path.name == "__init__.py" else ():
        if line := _line_in(path, name):
            return DoubtError(path, line, "it is made here, in a file that the settings do not import")
    return DoubtError(first.path, 1, "no statement of the settings makes it: it comes from elsewhere")


def _line_in(path: Path, name: str) -> int:
    """Where a file makes a setting; 0 where it does not, or cannot be read."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return 0
    return next((event.statement.lineno for event in events(tree, name) if event.how == "bound"), 0)


def in_class(modules: Modules, name: str) -> DoubtError | None:
    """The same, where settings are classes, as with django-configurations; None where they are not."""
    for source in modules.chain():
        for node in source.tree.body:
            inner = _attribute(node, name) if isinstance(node, ast.ClassDef) else None
            if isinstance(node, ast.ClassDef) and inner is not None:
                reason = f"settings are classes here ({node.name}), and which one counts is said elsewhere"
                return DoubtError(source.path, inner.lineno, reason)
    return None


def _attribute(node: ast.ClassDef, name: str) -> ast.stmt | None:
    return next((each for each in node.body if name in _targets(each)), None)


def _targets(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [each.id for each in targets if isinstance(each, ast.Name)]
