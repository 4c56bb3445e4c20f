"""STATIC_ROOT where nobody sets it, and STATIC_URL where there is none."""

import ast

from .bindings import Event, events
from .modules import Modules
from .places import nowhere
from .refusal import DoubtError, Refusal
from .source import Source, Splice
from .storages import add_statement
from .values import BUCKET, Values

NAME, URL, BASE = "STATIC_ROOT", "STATIC_URL", "BASE_DIR"
_ABOUT_STATIC = (NAME, URL, "STATICFILES_DIRS", "STATICFILES_FINDERS")
_ABOUT_MEDIA = ("MEDIA_URL", "MEDIA_ROOT")


def anchor(modules: Modules) -> tuple[Source, ast.stmt] | None:
    """The last statement about static files in a module that has one; None where the text has none."""
    for names in (_ABOUT_STATIC, _ABOUT_MEDIA):
        for source in modules.chain():
            bound = (each for name in names for each in events(source.tree, name) if each.how == "bound")
            found = [each.statement for each in bound if not each.conditional]
            last = max(found, key=lambda node: node.lineno, default=None)
            if last is not None:
                return source, _last_of_line(source, last)
    return None


def edit_static_root(modules: Modules, values: Values) -> list[Refusal]:
    """Where nobody sets it, set it to a directory below BASE_DIR. Gives what is left."""
    if values.static_root:
        return []
    try:
        _edit(modules, values)
    except DoubtError as doubt:
        return [doubt.refusal(NAME, _by_hand(modules.chain()[0], values))]
    return []


def edit_static_url(modules: Modules, values: Values) -> list[Refusal]:
    """Where there is none, or it is the address of a bucket that static files leave: `static/`. Gives what is left."""
    if values.static_url is not None and not (values.kind == BUCKET and "//" in values.static_url):
        return []
    try:
        _edit_url(modules, values)
    except DoubtError as doubt:
        return [doubt.refusal(URL, (f'{URL} = "static/"',))]
    return []


def _by_hand(source: Source, values: Values) -> tuple[str, ...]:
    if values.base == "path":
        return (f'{NAME} = {BASE} / "{values.folder}"',)
    depth = source.module.count(".") + (source.path.name == "__init__.py")
    return "from pathlib import Path", f'{NAME} = Path(__file__).resolve().parents[{depth}] / "{values.folder}"'


def _edit(modules: Modules, values: Values) -> None:
    if (there := _only_event(modules, NAME)) is not None:
        source, value = there
        if not (isinstance(value, ast.Constant) and not value.value):
            raise DoubtError(source.path, value.lineno, "what stands here is empty when the settings are run")
        start, end = source.span(value)
        modules.edit(source, [Splice(start, end, _expression(modules, source, value.lineno, values))])
        return
    place = anchor(modules)
    if place is None and values.static_url:
        raise nowhere(modules, NAME)
    source = place[0] if place else modules.chain()[0]
    line = place[1].lineno if place else len(source.text.splitlines()) + 1
    code = f"{NAME} = {_expression(modules, source, line, values)}"
    add_statement(modules, source, place[1] if place else None, code, apart=False)


def _edit_url(modules: Modules, values: Values) -> None:
    there = _only_event(modules, URL)
    if there is None:
        if values.static_url is not None:
            raise nowhere(modules, URL)
        source = modules.chain()[0]
        add_statement(modules, source, None, f"{URL} = {source.quote}static/{source.quote}", apart=True)
        return
    source, value = there
    start, end = source.span(value)
    modules.edit(source, [Splice(start, end, f"{source.quote}static/{source.quote}")])


def _expression(modules: Modules, source: Source, line: int, values: Values) -> str:
    quote, folder, base = source.quote, values.folder, values.base
    known = any(each.statement.lineno < line for each in events(source.tree, BASE) if _is_there(modules, source, each))
    if base == "path" and known:
        return f"{BASE} / {quote}{folder}{quote}"
    if base == "text" and known and _imports_os(source.tree):
        return f"os.path.join({BASE}, {quote}{folder}{quote})"
    raise DoubtError(source.path, min(line, len(source.text.splitlines())), f"there is no {BASE} to put it below")


def _is_there(modules: Modules, source: Source, event: Event) -> bool:
    if event.conditional:
        return False
    if event.how == "taken":
        other = modules.taken(source, event)
        return other is not None and modules.binds(other, BASE)
    return event.how == "bound"


def _imports_os(tree: ast.Module) -> bool:
    imports = (node for node in tree.body if isinstance(node, ast.Import))
    return any(alias.name in ("os", "os.path") and not alias.asname for node in imports for alias in node.names)


def _only_event(modules: Modules, name: str) -> tuple[Source, ast.expr] | None:
    """The one plain assignment of a setting; None where there is none. Raises `DoubtError` where there is more."""
    found = [(source, each) for source in modules.chain() for each in events(source.tree, name) if each.how != "taken"]
    if not found:
        return None
    source, event = found[0]
    if len(found) > 1 or event.how != "bound" or event.conditional:
        raise DoubtError(
            source.path, event.statement.lineno, f"{name} is set in more places than one, or under a condition"
        )
    return source, event.values[0]


def _last_of_line(source: Source, node: ast.stmt) -> ast.stmt:
    """The statement with which the line ends that a statement ends in."""
    behind = [each for each in source.tree.body if each.lineno == node.end_lineno and each.col_offset > node.col_offset]
    return _last_of_line(source, behind[-1]) if behind else node
