"""What a list of texts is by its text: every element with the place where it stands."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .bindings import Event, events
from .display import Display
from .modules import Modules
from .refusal import DoubtError
from .source import Source

MORE = "what stands here depends on more than the text"
OURS = re.compile("clearway|staticfiles|SecurityMiddleware", re.IGNORECASE)
ALL = re.compile(f"{OURS.pattern}|whitenoise|servestatic", re.IGNORECASE)
"""What an edit is about: a condition on anything else makes no difference to it."""


@dataclass(frozen=True)
class Item:
    """One element. `value` is None where it is no plain text; `display` is None where it is the operand of a method."""

    value: str | None
    source: Source
    statement: ast.stmt
    node: ast.expr
    display: ast.expr | None = None
    index: int = 0

    @property
    def place(self) -> tuple[Path, int]:
        """(file, line)"""
        return self.source.path, self.node.lineno

    def brackets(self) -> Display:
        """What it stands in. Raises `DoubtError`."""
        try:
            made = Display(self.source, self.display) if self.display is not None else None
        except ValueError:
            made = None
        if made is None or len(made.parts) != len(self.display.elts):  # type: ignore[union-attr]
            raise DoubtError(*self.place, f"{self.value} stands in no list of its own")
        return made


@dataclass
class Found:
    """`loose` where more may come by a condition; `names` are the (module, name) that it is put together of."""

    items: list[Item] = field(default_factory=list)
    loose: bool = False
    names: set[tuple[str, str]] = field(default_factory=set)
    followed: set[int] = field(default_factory=set)


def sequence(modules: Modules, name: str, matters: "re.Pattern[str]" = ALL) -> Found:
    """The value of a setting, without what a condition adds and does not matter.

    Raises `DoubtError` where it depends on more than the text.
    """
    source = modules.source(modules.first)
    assert source is not None, "the settings module is the project's own"
    found = Found()
    found.items = _Reader(modules, found, matters).of_name(source, name)
    return found


class _Reader:
    def __init__(self, modules: Modules, found: Found, matters: "re.Pattern[str]") -> None:
        self._modules, self._found, self._matters = modules, found, matters
        self._depth = 0

    def of_name(self, source: Source, name: str, before: ast.stmt | None = None) -> list[Item]:
        self._found.names.add((source.module, name))
        self._depth += 1
        if self._depth > 50:
            raise DoubtError(source.path, 1, f"{name} is made of itself")
        items: list[Item] = []
        for event in events(source.tree, name):
            if before is not None and event.statement.lineno >= before.lineno:
                break
            items = self._after(source, name, event, items)
        self._depth -= 1
        return items

    def _after(self, source: Source, name: str, event: Event, items: list[Item]) -> list[Item]:
        if event.how == "taken":
            other = self._modules.taken(source, event)
            if other is None or not self._modules.binds(other, event.original):
                return items
            if event.conditional:
                raise DoubtError(
                    source.path,
                    event.statement.lineno,
                    f"{name} also comes from {event.module}, which is not always imported",
                )
            return self.of_name(other, event.original)
        if event.conditional:
            self._allow(source, name, event)
            return items
        return self._changed(source, name, event, items)

    def _allow(self, source: Source, name: str, event: Event) -> None:
        """That a condition adds something else, which makes no difference."""
        text = " ".join(ast.unparse(value) for value in event.values)
        adds = event.how in ("extended", "append", "extend", "insert", "remove") or _is_itself_and_more(name, event)
        if not adds or self._matters.search(text):
            raise DoubtError(source.path, event.statement.lineno, "it is changed here under a condition")
        self._found.loose = True

    def _changed(self, source: Source, name: str, event: Event, items: list[Item]) -> list[Item]:
        node = event.statement
        match event.how, event.values:
            case "bound", (value,):
                return self.of_expression(source, value, node)
            case "extended" | "extend", (value,):
                return items + self.of_expression(source, value, node)
            case "append", (value,):
                return [*items, self._operand(source, node, value)]
            case "insert", (place, value) if (index := _index(place, items)) is not None:
                return [*items[:index], self._operand(source, node, value), *items[index:]]
            case "remove", (ast.Constant(value=str(gone)),):
                return _without_first(items, gone)
        raise DoubtError(source.path, node.lineno, "it is changed here in a way that only running it shows")

    def _operand(self, source: Source, node: ast.stmt, value: ast.expr) -> Item:
        return Item(_text(value), source, node, value)

    def of_expression(self, source: Source, value: ast.expr, node: ast.stmt) -> list[Item]:
        match value:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [item for row in enumerate(elements) for item in self._element(source, value, node, *row)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.of_expression(source, left, node) + self.of_expression(source, right, node)
            case ast.Name(id=name):
                self._found.followed.add(id(value))
                return self.of_name(source, name, node)
            case ast.Attribute(value=ast.Name(id=alias), attr=name) if other := self._module(source, alias):
                return self.of_name(other, name)
            case ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner], keywords=[]):
                return self.of_expression(source, inner, node)
        if self._matters.search(ast.unparse(value)):
            raise DoubtError(source.path, value.lineno, MORE)
        self._found.loose = True
        return []

    def _element(self, source: Source, display: ast.expr, node: ast.stmt, index: int, element: ast.expr) -> list[Item]:
        if isinstance(element, ast.Starred):
            return self.of_expression(source, element.value, node)
        if _text(element) is None and self._matters.search(ast.unparse(element)):
            raise DoubtError(source.path, element.lineno, MORE)
        return [Item(_text(element), source, node, element, display, index)]

    def _module(self, source: Source, alias: str) -> Source | None:
        """What `from . import base` or `import config.base as base` binds."""
        for node in source.tree.body:
            if isinstance(node, ast.ImportFrom) and any((each.asname or each.name) == alias for each in node.names):
                (name,) = (each.name for each in node.names if (each.asname or each.name) == alias)
                dotted = "." * node.level + (f"{node.module}.{name}" if node.module else name)
                return self._modules.taken(source, Event(node, "taken", False, module=dotted))
        return None


def _is_itself_and_more(name: str, event: Event) -> bool:
    """`NAME = NAME + …`, `NAME = [*NAME, …]`, and the other way round."""
    if event.how != "bound":
        return False
    match event.values[0]:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return any(isinstance(each, ast.Name) and each.id == name for each in (left, right))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            ends = [each.value for each in (*elements[:1], *elements[-1:]) if isinstance(each, ast.Starred)]
            return any(isinstance(each, ast.Name) and each.id == name for each in ends)
    return False


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _index(place: ast.expr, items: Sequence[Item]) -> int | None:
    """Of `insert`: a number, or `NAME.index("…")` with a number added."""
    match place:
        case ast.Constant(value=int(number)):
            return number if number >= 0 else max(0, len(items) + number)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return max(0, len(items) - number)
        case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=int(more))):
            found = _index(left, items)
            return None if found is None else found + more
        case ast.Call(func=ast.Attribute(attr="index"), args=[ast.Constant(value=wanted)]):
            return next((index for index, item in enumerate(items) if item.value == wanted), None)
    return None


def _without_first(items: list[Item], gone: str) -> list[Item]:
    index = next((index for index, item in enumerate(items) if item.value == gone), len(items))
    return items[:index] + items[index + 1 :]
