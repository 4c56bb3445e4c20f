"""STORAGES["staticfiles"]: Clearway's storage in the place of Django's, WhiteNoise's or ServeStatic's."""

import ast
import re
from dataclasses import dataclass

from .bindings import Event, events, reads
from .display import Display
from .lists import without_statement
from .modules import Modules
from .places import last_place, nowhere
from .refusal import DoubtError, Refusal
from .source import Source, Splice
from .values import BUCKET, CLEARWAY, OWN, Values

NAME, ALIAS = "STORAGES", "staticfiles"
OURS = "clearway.storage.ReleaseStorage"
OLD = "STATICFILES_STORAGE"  # which Django reads no more
ENTRY = f'"{ALIAS}": {{"BACKEND": "{OURS}"}},'
_DEFAULT = "django.core.files.storage.FileSystemStorage"
Anchor = tuple[Source, ast.stmt] | None
_REPLACED = re.compile(r"whitenoise\.|servestatic\.|django\.contrib\.staticfiles\.storage\.")


@dataclass(frozen=True)
class _Place:
    """Where a value is written."""

    source: Source
    value: ast.expr


def edit_storages(modules: Modules, values: Values, anchor: Anchor) -> tuple[str | None, list[Refusal]]:
    """The backend after the edit, and what is left. `anchor` is the statement below which a new one is put."""
    try:
        if values.kind == OWN:
            told = "is neither Django's nor WhiteNoise's nor ServeStatic's: what it adds would be lost"
            raise DoubtError(*last_place(modules, NAME), f"{values.backend} {told}")
        if values.kind != CLEARWAY:
            _edit(modules, values, anchor)
    except DoubtError as doubt:
        is_there = modules.binds(modules.chain()[0], NAME) or not values.are_default
        return values.backend, [doubt.refusal(NAME, (ENTRY,) if is_there else _rows('"', "    "))]
    return values.backend if values.kind == CLEARWAY else OURS, []


def edit_old_setting(modules: Modules) -> list[Refusal]:
    """Remove `STATICFILES_STORAGE` where it names what is replaced."""
    found = [
        (source, event) for source in modules.chain() for event in events(source.tree, OLD) if event.how != "taken"
    ]
    for source, event in found:
        named = event.values[0] if event.how == "bound" else None
        if not (isinstance(named, ast.Constant) and _REPLACED.match(str(named.value))):
            continue
        if event.conditional:
            return [
                Refusal(
                    OLD,
                    source.path,
                    event.statement.lineno,
                    "it stands under a condition; Django does not read it any more",
                    (f"without {OLD}",),
                )
            ]
        try:
            modules.edit(source, without_statement(source, event.statement, "whitenoise|servestatic"))
        except DoubtError as doubt:
            return [doubt.refusal(OLD, (f"without {OLD}",))]
        return edit_old_setting(modules)
    return []


def _edit(modules: Modules, values: Values, anchor: Anchor) -> None:
    reader = _Reader(modules)
    first = modules.chain()[0]
    if not modules.binds(first, NAME):
        if not values.are_default or (anchor is None and values.static_url):
            raise nowhere(modules, NAME)
        _add_statement(modules, anchor)
        return
    backend = reader.of_name(first, NAME, (ALIAS, "BACKEND"), None)
    entry = reader.of_name(first, NAME, (ALIAS,), None)
    reader.only_here()
    if backend is None and entry is None:
        _add_entry(modules, reader.dicts)
        return
    if backend is None or not isinstance(backend.value, ast.Constant):
        place = backend or entry
        assert place is not None
        raise DoubtError(place.source.path, place.value.lineno, "the backend is not written here as a text")
    if backend.value.value != values.backend:
        told = f"the text says {backend.value.value!r}, and when it is run it is {values.backend!r}"
        raise DoubtError(backend.source.path, backend.value.lineno, told)
    splices = [_as_text(backend.source, backend.value)]
    if (
        values.kind == BUCKET
        and entry is not None
        and isinstance(entry.value, ast.Dict)
        and entry.source is backend.source
    ):
        splices += _without_options(entry.source, entry.value)
    modules.edit(backend.source, splices)


class _Reader:
    """Follows the text from a name to the value of a key. Methods raise `DoubtError`."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._names: set[str] = set()
        self._followed: set[int] = set()
        self.dicts: list[tuple[Source, ast.Dict]] = []

    def of_name(self, source: Source, name: str, keys: tuple[str, ...], before: ast.stmt | None) -> _Place | None:
        """What stands for keys of the value of a name; None where nothing does."""
        self._names.add(name)
        found: _Place | None = None
        for event in events(source.tree, name):
            if before is not None and event.statement.lineno >= before.lineno:
                break
            found = self._after(source, name, event, keys, found)
        return found

    def of_value(
        self, source: Source, value: ast.expr, keys: tuple[str, ...], before: ast.stmt | None
    ) -> _Place | None:
        """The same of an expression."""
        match value:
            case ast.Name(id=name):
                self._followed.add(id(value))
                return self.of_name(source, name, keys, before)
            case _ if not keys:
                return _Place(source, value)
            case ast.Dict():
                return self._of_dict(source, value, keys, before)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self.of_value(source, right, keys, before) or self.of_value(source, left, keys, before)
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=words) if all(each.arg for each in words):
                chosen = next((each.value for each in words if each.arg == keys[0]), None)
                return self.of_value(source, chosen, keys[1:], before) if chosen is not None else None
        raise DoubtError(source.path, value.lineno, "what stands here depends on more than the text")

    def only_here(self) -> None:
        """Raise where one of the dicts is used for something else."""
        for name in self._names - {NAME}:
            for source in self._modules.chain():
                for node in reads(source.tree, name):
                    if id(node) not in self._followed:
                        raise DoubtError(
                            source.path, node.lineno, f"{name} is also used here, so that an edit would change more"
                        )

    def _after(
        self, source: Source, name: str, event: Event, keys: tuple[str, ...], found: _Place | None
    ) -> _Place | None:
        if event.how == "taken":
            return self._taken(source, event, keys, found)
        line = event.statement.lineno
        if event.conditional:
            if not keys or event.how != "item" or event.keys[0] == keys[0]:
                raise DoubtError(source.path, line, "it is changed here under a condition")
            return found
        match event.how, event.values:
            case "bound", (value,):
                return self.of_value(source, value, keys, event.statement)
            case "extended" | "update", (value,):
                return self.of_value(source, value, keys, event.statement) or found
            case "item", (value,):
                own = event.keys == keys[: len(event.keys)]
                return self.of_value(source, value, keys[len(event.keys) :], event.statement) if own else found
        raise DoubtError(source.path, line, "it is changed here in a way that only running it shows")

    def _taken(self, source: Source, event: Event, keys: tuple[str, ...], found: _Place | None) -> _Place | None:
        other = self._modules.taken(source, event)
        if other is None or not self._modules.binds(other, event.original):
            return found
        if event.conditional:
            raise DoubtError(
                source.path, event.statement.lineno, f"it also comes from {event.module}, which is not always imported"
            )
        return self.of_name(other, event.original, keys, None)

    def _of_dict(
        self, source: Source, value: ast.Dict, keys: tuple[str, ...], before: ast.stmt | None
    ) -> _Place | None:
        self.dicts.append((source, value))
        for key, inner in reversed(list(zip(value.keys, value.values, strict=True))):
            if key is None:
                if (found := self.of_value(source, inner, keys, before)) is not None:
                    return found
            elif not isinstance(key, ast.Constant):
                raise DoubtError(source.path, key.lineno, "a key of it is no text")
            elif key.value == keys[0]:
                return self.of_value(source, inner, keys[1:], before)
        return None


# --- the edits


def _as_text(source: Source, node: ast.expr) -> Splice:
    start, end = source.span(node)
    quote = source.text[start] if source.text[start] in "'\"" else source.quote
    return Splice(start, end, f"{quote}{OURS}{quote}")


def _without_options(source: Source, entry: ast.Dict) -> list[Splice]:
    keys = [key.value if isinstance(key, ast.Constant) else None for key in entry.keys]
    return Display(source, entry).without(keys.index("OPTIONS"), "options") if "OPTIONS" in keys else []


def _add_entry(modules: Modules, dicts: list[tuple[Source, ast.Dict]]) -> None:
    if not dicts:
        raise DoubtError(*last_place(modules, NAME), "it is made in a way that only running it shows")
    source, node = dicts[0]
    brackets = Display(source, node)
    quote = brackets.quote()
    entry = f"{quote}{ALIAS}{quote}: {{{quote}BACKEND{quote}: {quote}{OURS}{quote}}}"
    modules.edit(source, brackets.last(entry))


def _add_statement(modules: Modules, anchor: Anchor) -> None:
    source = anchor[0] if anchor else modules.chain()[0]
    rows = _rows(source.quote, source.indent)
    add_statement(modules, source, anchor[1] if anchor else None, source.newline.join(rows), apart=True)


def _rows(quote: str, indent: str) -> tuple[str, ...]:
    """The whole setting, with what Django has for other files."""
    backends = {"default": _DEFAULT, ALIAS: OURS}
    entries = (f"'{name}': {{'BACKEND': '{backend}'}},".replace("'", quote) for name, backend in backends.items())
    return f"{NAME} = {{", *(indent + entry for entry in entries), "}"


def add_statement(modules: Modules, source: Source, below: ast.stmt | None, code: str, *, apart: bool) -> None:
    """New lines directly below a statement, or at the end of the file; `apart` between empty lines."""
    end = source.newline
    place = source.line_end(source.span(below)[1]) if below is not None else len(source.text)
    before = "" if source.text[:place].endswith("\n") else end
    gap = end if apart else ""
    behind = gap if source.text[place : source.line_end(place)].strip() else ""
    modules.edit(source, [Splice(place, place, f"{before}{gap}{code}{end}{behind}")])
