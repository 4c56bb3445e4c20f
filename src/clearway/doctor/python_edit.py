"""Changes of an assignment in a settings file, as a unified diff; empty where the change would be a guess."""

import ast
from collections.abc import Mapping
from typing import Any

from clearway.fronts.road import Location

from .line_edit import diff_of, ending, read


def constant(where: Location | None, old: object, new: object) -> str:
    """Another value for the one constant `old` in the statement that begins there, quoted as it is."""
    return constants(where, {old: new})


def constants(where: Location | None, values: Mapping[Any, Any]) -> str:
    """The same for several; all or none of them."""
    there = read(where)
    found = {old: _one(there, where, old) for old in values}
    return _written(where, there, {old: (node, _quoted(there, node, values[old])) for old, node in found.items()})


def expression(where: Location | None, old: object, new: str) -> str:
    """The same with Python source in place of the constant, such as `0o644`."""
    there = read(where)
    return _written(where, there, {old: (_one(there, where, old), new)})


def listed(where: Location | None) -> str:
    """The value of the assignment that begins there, in the brackets of a list."""
    there = read(where)
    statement = _statement(there, where)
    if where is None or not isinstance(statement, ast.Assign) or not _is_alone(there, statement.value):
        return ""
    value = statement.value
    line = there[value.lineno - 1]
    start, end = value.col_offset, value.end_col_offset or 0
    there[value.lineno - 1] = line[:start] + b"[" + line[start:end] + b"]" + line[end:]
    return diff_of(where.file, there)


def followed(where: Location | None, *added: str) -> str:
    """Lines behind the statement that begins there, as deep as it."""
    there = read(where)
    statement = _statement(there, where)
    if where is None or statement is None or not statement.end_lineno:
        return ""
    line = there[where.line - 1]
    indent = line[: len(line) - len(line.lstrip())]
    end = ending(there)
    last = there[statement.end_lineno - 1]
    before = [*there[: statement.end_lineno - 1], last if last.endswith(b"\n") else last + end]
    return diff_of(
        where.file, [*before, *(indent + each.encode() + end for each in added), *there[statement.end_lineno :]]
    )


def _statement(there: list[bytes], where: Location | None) -> ast.stmt | None:
    """The one that begins in this line and has it for itself."""
    try:
        tree = ast.parse(b"".join(there))
    except (SyntaxError, ValueError):
        return None
    every = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    found = [node for node in every if where and node.lineno == where.line]
    shared = [node for node in every if found and node not in found and node.lineno == found[0].end_lineno]
    return found[0] if len(found) == 1 and not shared else None


def _one(there: list[bytes], where: Location | None, value: object) -> ast.Constant | None:
    """The one constant of this value in the statement."""
    statement = _statement(there, where)
    nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Constant)) if statement else ()
    found = [node for node in nodes if type(node.value) is type(value) and node.value == value]
    return found[0] if len(found) == 1 else None


def _quoted(there: list[bytes], node: ast.Constant | None, value: object) -> str:
    """As Python writes it, in the quotes of what was there."""
    text = repr(value)
    quote = there[node.lineno - 1][node.col_offset : node.col_offset + 1] if node else b""
    swapped = isinstance(value, str) and text.startswith("'") and quote == b'"' and '"' not in value
    return f'"{text[1:-1]}"' if swapped else text


def _written(
    where: Location | None, there: list[bytes], edits: Mapping[object, tuple[ast.Constant | None, str]]
) -> str:
    """With other source for each constant, the last in a line first."""
    if where is None or not all(node and _is_alone(there, node, old) for old, (node, _) in edits.items()):
        return ""
    ordered = sorted(((node, new) for node, new in edits.values() if node), key=lambda each: -each[0].col_offset)
    for node, new in ordered:
        line = there[node.lineno - 1]
        there[node.lineno - 1] = line[: node.col_offset] + new.encode() + line[node.end_col_offset :]
    return diff_of(where.file, there)


def _is_alone(there: list[bytes], node: ast.expr, *values: object) -> bool:
    """Whether it stands in one line, where Python's lines and columns are those of the file."""
    line = there[node.lineno - 1] if node.lineno <= len(there) else b""
    try:
        written = ast.parse(line[node.col_offset : node.end_col_offset].decode(), mode="eval").body
        same = ast.dump(written) == ast.dump(node)
        return same and node.lineno == node.end_lineno and all(ast.literal_eval(written) == each for each in values)
    except (SyntaxError, ValueError):
        return False
