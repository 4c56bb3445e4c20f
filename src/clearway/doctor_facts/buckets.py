"""The class that keeps an alias of STORAGES, and what it was made with; also where it cannot be made here."""

import ast
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

_PLAIN = (str, bool, int, float, type(None), list, tuple, dict)
_DEEPEST = 5  # classes above a class


def kinds_of(kept: Any) -> tuple[str, ...]:
    """The dotted names of the class of a storage and of those above it."""
    return tuple(f"{kind.__module__}.{kind.__qualname__}" for kind in type(kept).__mro__ if kind is not object)


def attributes_of(kept: Any) -> Mapping[str, Any]:
    """Public attributes with plain values, of the class as of the object."""
    found: dict[str, Any] = {}
    for holder in (*reversed(type(kept).__mro__[:-1]), kept):
        found |= {
            name: value
            for name, value in getattr(holder, "__dict__", {}).items()
            if name[0] != "_" and isinstance(value, _PLAIN)
        }
    return found


def written(backend: str) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    """The same, as the source of a class of the project says: parsed, not imported."""
    kinds, found = [backend], dict[str, Any]()
    for name, given in _classes(backend, _DEEPEST):
        kinds.append(name)
        found = {**given, **found}
    return tuple(dict.fromkeys(kinds)), found


def _classes(dotted: str, left: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A class and those above it, with the values that its body sets."""
    module, _, name = dotted.rpartition(".")
    tree = _parsed(module) if left else None
    node = (
        next((each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == name), None)
        if tree
        else None
    )
    yield dotted, dict(_values(node)) if node else {}
    imported = dict(_imported(tree, module)) if tree else {}
    for base in node.bases if node else ():
        written = ast.unparse(base)
        first, _, rest = written.partition(".")
        above = imported.get(first, f"{module}.{first}") + (f".{rest}" if rest else "")
        yield from _classes(above, left - 1)


def _parsed(module: str) -> ast.Module | None:
    try:
        spec = find_spec(module) if module else None
        if spec and spec.origin and spec.origin.endswith(".py") and "-packages" not in spec.origin:
            return ast.parse(Path(spec.origin).read_bytes())
    except (ImportError, OSError, SyntaxError, ValueError, AttributeError):
        pass
    return None


def _imported(tree: ast.Module, module: str) -> Iterator[tuple[str, str]]:
    package = module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            source = f"{package}.{node.module or ''}".strip(".") if node.level else node.module or ""
            yield from ((alias.asname or alias.name, f"{source}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name.partition(".")[0], alias.name) for alias in node.names)


def _values(node: ast.ClassDef) -> Iterator[tuple[str, Any]]:
    """Of `name = value` in the body: constants, and settings by their names."""
    for each in node.body:
        target = (
            each.targets[0]
            if isinstance(each, ast.Assign)
            else each.target
            if isinstance(each, ast.AnnAssign)
            else None
        )
        value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
        if isinstance(target, ast.Name) and value is not None:
            try:
                yield target.id, ast.literal_eval(value)
            except ValueError:
                if isinstance(value, ast.Attribute) and hasattr(settings, value.attr):
                    yield target.id, getattr(settings, value.attr)
