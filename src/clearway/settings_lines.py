"""Where a setting is written: the file and line of its assignment, in the settings module or one that it takes over."""

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import resolve_name
from pathlib import Path

from django.conf import settings

from .fronts.road import Location


def line_of(name: str) -> Location | None:
    """The last assignment of a setting; None where no settings file assigns it."""
    module = getattr(settings, "SETTINGS_MODULE", None)
    return _in_module(module, name, frozenset()) if isinstance(module, str) else None


def _in_module(module: str, name: str, seen: frozenset[str]) -> Location | None:
    if module in seen:
        return None
    file = getattr(sys.modules.get(module), "__file__", None)
    body = _body(file) if file else ()
    line = max((node.lineno for node in body if name in _assigned(node)), default=0)
    if file and line:
        return Location(file, line)
    taken = (other for node in body for other in _taken_over(node, module))
    return next((found for other in taken if (found := _in_module(other, name, seen | {module}))), None)


@lru_cache(16)
def _body(file: str) -> tuple[ast.stmt, ...]:
    try:
        return tuple(ast.parse(Path(file).read_bytes()).body)
    except (OSError, SyntaxError, ValueError):
        return ()


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return (target.id for target in targets if isinstance(target, ast.Name))


def _taken_over(node: ast.stmt, module: str) -> Iterator[str]:
    """The modules of `from … import *`."""
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        package = getattr(sys.modules.get(module), "__package__", None)
        try:
            yield resolve_name("." * node.level + (node.module or ""), package)
        except ImportError:
            return
