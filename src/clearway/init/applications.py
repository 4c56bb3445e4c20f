"""wsgi.py and asgi.py: wrappers of WhiteNoise and ServeStatic, removed where the middleware does it, else replaced."""

import ast
import re
from collections.abc import Iterator

from .lists import PEERS, is_peer, without_statement
from .refusal import DoubtError, Refusal
from .source import Source, Splice

_WSGI, _ASGI = "clearway.wsgi", "clearway.asgi"
_NEW = {"WhiteNoise": _WSGI, "DjangoWhiteNoise": _WSGI, "ServeStatic": _WSGI, "ServeStaticASGI": _ASGI}
_CLASS = "Clearway"


def edit_application(source: Source) -> tuple[list[Splice], list[Refusal]]:
    """What makes the module one of Clearway, and what is left."""
    if not re.search(PEERS, source.text):
        return [], []
    try:
        return _edits(source), []
    except DoubtError as doubt:
        return [], [
            doubt.refusal(source.path.name, ("from clearway.wsgi import Clearway", "application = Clearway(…)"))
        ]


def _edits(source: Source) -> list[Splice]:
    imports = list(_imports(source))
    names = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
    calls = list(_calls(source, set(names)))
    added = any(isinstance(node, ast.Attribute) and node.attr == "add_files" for node in ast.walk(source.tree))
    bare = {id(call) for call in calls if not added and len(call.args) == 1 and not call.keywords}
    kept = {_NEW[names[_name(call)]] for call in calls if id(call) not in bare}
    if len(kept) > 1 or (kept and _CLASS in {node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)}):
        raise DoubtError(source.path, calls[0].lineno, "two wrappers are used here")
    found = [splice for node in imports for splice in _import(source, node, kept if node is imports[0] else set())]
    for call in calls:
        found += _unwrapped(source, call) if id(call) in bare else [_renamed(source, call)]
    return found


def _imports(source: Source) -> Iterator[ast.ImportFrom]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import) and any(is_peer(alias.name) for alias in node.names):
            raise DoubtError(source.path, node.lineno, "the package is imported as a whole")
        if isinstance(node, ast.ImportFrom) and is_peer(node.module or ""):
            if node not in source.tree.body or any(alias.name not in _NEW for alias in node.names):
                raise DoubtError(source.path, node.lineno, "more than its wrapper is imported")
            yield node


def _calls(source: Source, names: set[str]) -> Iterator[ast.Call]:
    """Every use of the wrappers. Raises `DoubtError` where one is no call."""
    called = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    found = [node for node in called if isinstance(node.func, ast.Name) and node.func.id in names]
    functions = {id(node.func) for node in found}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id in names and id(node) not in functions:
            raise DoubtError(source.path, node.lineno, f"{node.id} is used here as more than a wrapper")
    yield from found


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Name)
    return call.func.id


def _import(source: Source, node: ast.ImportFrom, kept: set[str]) -> list[Splice]:
    if not kept:
        return without_statement(source, node, PEERS)
    (module,) = kept
    start, end = source.span(node)
    return [Splice(start, end, f"from {module} import {_CLASS}")]


def _renamed(source: Source, call: ast.Call) -> Splice:
    start, end = source.span(call.func)
    return Splice(start, end, _CLASS)


def _unwrapped(source: Source, call: ast.Call) -> list[Splice]:
    """Only what it wraps; no statement where that would be `application = application`."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and node.value is call and len(node.targets) == 1:
            target, inner = node.targets[0], call.args[0]
            if isinstance(target, ast.Name) and isinstance(inner, ast.Name) and target.id == inner.id:
                return without_statement(source, node, PEERS)
    start, end = source.span(call)
    return [Splice(start, end, source.part(call.args[0]))]
