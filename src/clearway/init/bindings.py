"""What the statements of a module do to a name."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCKS = ("body", "orelse", "finalbody")
_ADDS = ("append", "extend", "insert", "remove", "update")
_NEW_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Event:
    """`how`: `bound, extended, item, taken`, a method of lists and dicts, or `unclear`.

    `values` are its operands, `keys` those of `name[…][…] = …`. What stands in a block happens under a condition.
    `module` is what an import takes the name from, with its dots, and `original` its name there.
    """

    statement: ast.stmt
    how: str
    conditional: bool
    values: tuple[ast.expr, ...] = ()
    keys: tuple[str, ...] = ()
    module: str = ""
    original: str = ""


def statements(body: list[ast.stmt], *, conditional: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Those that run at import, in order, and whether they stand in a block."""
    for node in body:
        yield node, conditional
        if isinstance(node, _NEW_SCOPES):
            continue
        for block in _BLOCKS:
            yield from statements(getattr(node, block, []), conditional=True)
        for part in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
            yield from statements(part.body, conditional=True)


def events(tree: ast.Module, name: str) -> Iterator[Event]:
    """What happens to a name, in order. A star import is `taken` whatever the other module has."""
    for node, conditional in statements(tree.body):
        yield from _of_statement(node, name, conditional)


def _of_statement(node: ast.stmt, name: str, conditional: bool) -> Iterator[Event]:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            yield Event(node, "bound", conditional, (value,))
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
            yield Event(node, "bound", conditional, (value,))
        case ast.AugAssign(target=ast.Name(id=target), op=ast.Add() | ast.BitOr(), value=value) if target == name:
            yield Event(node, "extended", conditional, (value,))
        case ast.Assign(targets=[ast.Subscript() as target], value=value) if _root(target) == name:
            keys = _keys(target)
            yield Event(node, "item" if keys else "unclear", conditional, (value,), keys)
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(id=target), how), args, keywords)) if target == name:
            known = how in _ADDS and not keywords
            yield Event(node, how if known else "unclear", conditional, tuple(args))
        case ast.ImportFrom(names=aliases):
            for alias in aliases:
                if alias.name == "*" or (alias.asname or alias.name) == name:
                    module = "." * node.level + (node.module or "")
                    yield Event(
                        node, "taken", conditional, module=module, original=name if alias.name == "*" else alias.name
                    )
        case _ if any(_writes(part, name) for part in _own_parts(node)):
            yield Event(node, "unclear", conditional)


def _own_parts(node: ast.stmt) -> Iterator[ast.AST]:
    """A statement without the statements in it."""
    if isinstance(node, _NEW_SCOPES):
        yield ast.Name(node.name, ast.Store())
        return
    yield from (
        part
        for part in ast.iter_child_nodes(node)
        if not isinstance(part, (ast.stmt, ast.excepthandler, ast.match_case))
    )


def _writes(part: ast.AST, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Load) for each in ast.walk(part)
    ) or any(
        isinstance(each, ast.Subscript) and not isinstance(each.ctx, ast.Load) and _root(each) == name
        for each in ast.walk(part)
    )


def _root(target: ast.expr) -> str:
    while isinstance(target, ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _keys(target: ast.expr) -> tuple[str, ...]:
    """The keys of nested subscripts, outermost first; empty where one is no text."""
    found: list[str] = []
    while isinstance(target, ast.Subscript):
        if not isinstance(target.slice, ast.Constant) or not isinstance(target.slice.value, str):
            return ()
        found.insert(0, target.slice.value)
        target = target.value
    return tuple(found)


# --- reads


def reads(tree: ast.Module, name: str) -> Iterator[ast.Name]:
    """Every other place that a name is read, but for `x in name`, which sees no difference in what it is not about."""
    harmless = {id(node) for each in ast.walk(tree) for node in _harmless(each)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Load)
            and id(node) not in harmless
        ):
            yield node


def _harmless(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[asked]):
            yield asked
        case ast.Expr(ast.Call(ast.Attribute(ast.Name() as target, how))) if how in _ADDS:
            yield target
        case ast.Call(ast.Attribute(ast.Name() as target, "index" | "count")):
            yield target
        case ast.Assign(targets=[ast.Subscript() as target]) if _keys(target):
            yield from (each for each in ast.walk(target) if isinstance(each, ast.Name))
        case ast.Call(ast.Name(id="len"), [asked]):
            yield asked
