"""The URLconf: patterns for static files, which only DEBUG has, and which Clearway answers before they are asked."""

import ast
import re
from collections.abc import Iterator

from .bindings import statements
from .lists import without_statement
from .refusal import DoubtError
from .source import Source, Splice, UnreadableError, spliced

_HELPERS = {"django.conf.urls.static": "static", "django.contrib.staticfiles.urls": "staticfiles_urlpatterns"}
_PLUS = re.compile(r"\s*\+(?:\s|\\\r?\n)*")


def edit_urls(source: Source) -> Source:
    """The module without them, and without imports that were for them only. What is written in another way stays."""
    edited = source
    while (splices := next(_patterns(edited), None)) is not None:
        edited = _with(edited, splices)
    if edited is source:
        return source
    for module, name in (*_HELPERS.items(), ("django.conf", "settings")):
        edited = _without_import(edited, module, name)
    return edited


def _with(source: Source, splices: list[Splice]) -> Source:
    return Source(source.path, spliced(source.text, splices), source.module, source.encoding)


def _patterns(source: Source) -> Iterator[list[Splice]]:
    """The edits that remove one of them, each for itself."""
    helpers = {alias.asname or alias.name for node, _ in statements(source.tree.body) for alias in _helpers(node)}
    for block in (each for each in ast.walk(source.tree) if isinstance(each, ast.If) and each in source.tree.body):
        whole = not block.orelse and all(_is_about_static(node, helpers) for node in block.body)
        if whole and any(isinstance(node, ast.AugAssign) for node in block.body):
            yield from _removed(source, block)
    for node, _ in statements(source.tree.body):
        if isinstance(node, ast.AugAssign) and _is_static(node.value, helpers):
            yield from _removed(source, node)
        elif isinstance(node, ast.Assign | ast.AugAssign):
            yield from _operands(source, node.value, helpers)


def _removed(source: Source, node: ast.stmt) -> Iterator[list[Splice]]:
    try:
        splices = without_statement(source, node, "static")
        _with(source, splices)
    except (DoubtError, UnreadableError):  # another statement in the line, or none left in its block
        return
    yield splices


def _operands(source: Source, value: ast.expr, helpers: set[str]) -> Iterator[list[Splice]]:
    """`… + static(settings.STATIC_URL, …)` and the other way round."""
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            (_, past_left), (right, past_right) = source.span(node.left), source.span(node.right)
            if _PLUS.fullmatch(source.text[past_left:right]):
                if _is_static(node.right, helpers):
                    yield [Splice(past_left, past_right, "")]
                elif _is_static(node.left, helpers):
                    yield [Splice(source.span(node.left)[0], right, "")]


def _helpers(node: ast.stmt) -> list[ast.alias]:
    wanted = _HELPERS.get(node.module or "") if isinstance(node, ast.ImportFrom) else None
    return [alias for alias in node.names if alias.name == wanted] if isinstance(node, ast.ImportFrom) else []


def _is_about_static(node: ast.stmt, helpers: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return bool(_helpers(node)) and len(node.names) == 1
    return isinstance(node, ast.AugAssign) and _is_static(node.value, helpers)


def _is_static(node: ast.expr, helpers: set[str]) -> bool:
    match node:
        case ast.Call(
            func=ast.Name(id=name), args=[ast.Attribute(value=ast.Name(id="settings"), attr="STATIC_URL"), *_]
        ):
            return name in helpers
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return name in helpers
    return False


def _without_import(source: Source, module: str, name: str) -> Source:
    for node, _ in statements(source.tree.body):
        if isinstance(node, ast.ImportFrom) and node.module == module and [each.name for each in node.names] == [name]:
            bound = node.names[0].asname or name
            if not any(isinstance(each, ast.Name) and each.id == bound for each in ast.walk(source.tree)):
                return _with(source, next(_removed(source, node), []))
    return source
