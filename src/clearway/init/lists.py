"""One edit of a list that is a setting, in the place where its text says what counts."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .bindings import events, reads
from .display import Display
from .modules import Modules
from .places import last_place, nowhere
from .refusal import DoubtError
from .sequences import ALL, MORE, Found, Item, sequence
from .source import Source, Splice

PEERS = "whitenoise|servestatic"


def is_peer(name: str) -> bool:
    """Whether a dotted name is WhiteNoise's or ServeStatic's."""
    return name.partition(".")[0] in PEERS.split("|")


class ListSetting:
    """`actual` is its value: what running the settings gives, and the edits since. Methods raise `DoubtError`."""

    def __init__(self, modules: Modules, name: str, actual: Iterable[str]) -> None:
        self.modules, self.name, self.actual = modules, name, list(actual)
        self.matters = ALL

    def find(self, value: str) -> Item:
        """The one place where an element is written."""
        places = [item for item in self._agreed().items if item.value == value]
        if len(places) != 1:
            raise self._doubt(
                f"{value} is in {self.name}, and the text does not say where"
                if not places
                else f"{value} is there twice"
            )
        self._is_its_own(places[0])
        return places[0]

    def replace(self, value: str, new: str) -> None:
        """Another element in the place of one."""
        item = self.find(value)
        self._edit(item, [_replaced(item, new)], [new if each == value else each for each in self.actual])

    def add_after(self, value: str, new: str) -> None:
        """A new element directly below one."""
        item, place = self.find(value), self.actual.index(value) + 1
        brackets = item.brackets()
        splices = brackets.after(item.index, _quoted(brackets, new, item.index))
        self._edit(item, splices, [*self.actual[:place], new, *self.actual[place:]])

    def add_above(self, value: str, new: str) -> None:
        """A new element at the top of the brackets that have one."""
        item = self.find(value)
        brackets = item.brackets()
        there = [each.value for each in self._agreed().items if each.display is item.display]
        place = min(self.actual.index(each) for each in there if each is not None)
        splices = brackets.first(_quoted(brackets, new))
        self._edit(item, splices, [*self.actual[:place], new, *self.actual[place:]])

    def remove(self, value: str) -> None:
        """An element less; the statement too, where it is about nothing else."""
        item = self.find(value)
        if item.display is None or _is_alone(item, self.name):
            splices = without_statement(item.source, item.statement, PEERS)
        else:
            splices = item.brackets().without(item.index, PEERS)
        self._edit(item, splices, [each for each in self.actual if each != value])

    def _edit(self, item: Item, splices: list[Splice], wanted: list[str]) -> None:
        """Make an edit, where the text then says what is wanted: a later `insert` may count on places."""
        with self.together():
            self.modules.edit(item.source, splices)
            self.actual = wanted
            try:
                self._agreed()
            except DoubtError:
                told = f"with an edit here, a later statement would put something else of {self.name} in another place"
                raise DoubtError(*item.place, told) from None

    @contextmanager
    def together(self) -> Iterator[None]:
        """All edits inside, or none."""
        state, actual = self.modules.state(), list(self.actual)
        try:
            yield
        except DoubtError:
            self.modules.restore(state)
            self.actual = actual
            raise

    def is_above(self, value: str, other: str) -> bool:
        """Whether both stand in the same brackets, in this order."""
        places = [each for each in self._agreed().items if each.value in (value, other)]
        return [each.value for each in places] == [value, other] and places[0].display is places[1].display

    def place(self) -> tuple[Path, int]:
        """(file, line) of the last statement about it."""
        return last_place(self.modules, self.name)

    # --- what counts

    def _agreed(self) -> Found:
        """What the text says, where running it says the same."""
        found = sequence(self.modules, self.name, self.matters)
        known = [item.value for item in found.items if item.value is not None]
        if not found.items:
            is_there = self.modules.binds(self.modules.chain()[0], self.name)
            raise self._doubt(MORE) if is_there else nowhere(self.modules, self.name)
        exact = not found.loose and len(known) == len(found.items)
        if known != self.actual if exact else not _is_within(known, self.actual):
            raise self._doubt(f"{self.name} is something else when the settings are run than its text says")
        return found

    def _is_its_own(self, item: Item) -> None:
        """That no other value is made of the list that is edited."""
        followed = sequence(self.modules, self.name, self.matters).followed
        for source in self.modules.chain():
            own = {id(node) for each in events(source.tree, self.name) for node in ast.walk(each.statement)}
            for name in {self.name, *_targets(item.statement)}:
                for node in reads(source.tree, name):
                    if id(node) not in own | followed:
                        told = f"{name} is also used here, so that an edit would change more"
                        raise DoubtError(source.path, node.lineno, told)

    def _doubt(self, reason: str) -> DoubtError:
        return DoubtError(*self.place(), reason)


def without_statement(source: Source, node: ast.stmt, about: str) -> list[Splice]:
    """The lines of a statement, with the comment directly above where that names what it is about."""
    start, end = source.span(node)
    line, past = source.line_start(start), source.line_end(end)
    if source.text[line:start].strip() or source.text[end:past].split("#")[0].strip():
        raise DoubtError(source.path, node.lineno, "more than one statement stands in this line")
    top = line
    while source.text[source.line_start(top - 1) : top].lstrip().startswith("#") and top:
        top = source.line_start(top - 1)
    if re.search(about, source.text[top:line], re.IGNORECASE):
        line = top
    before, behind, newline = source.text[:line], source.text[past:], source.newline
    if before.endswith(newline * 2) and (not behind or behind.startswith(newline)):
        line -= len(newline)
    elif not before and behind.startswith(newline):
        past += len(newline)
    return [Splice(line, past, "")]


def _is_alone(item: Item, name: str) -> bool:
    """Whether a statement only adds this element to what the setting is anyway."""
    elements = item.display.elts if isinstance(item.display, ast.List | ast.Tuple) else []
    others = [each for each in elements if each is not item.node]
    match item.statement:
        case ast.AugAssign(value=value) if value is item.display:
            return not others
        case ast.Expr():
            return not others
        case ast.Assign(value=value) if value is item.display and others:
            kept = [each.value for each in others if isinstance(each, ast.Starred)]
            return len(kept) == len(others) == 1 and isinstance(kept[0], ast.Name) and kept[0].id == name
        case ast.Assign(value=ast.BinOp(left=left, right=right)) if not others:
            rest = right if left is item.display else left
            return item.display in (left, right) and isinstance(rest, ast.Name) and rest.id == name
    return False


def _replaced(item: Item, new: str) -> Splice:
    if item.display is not None:
        brackets = item.brackets()
        return brackets.replace(item.index, _quoted(brackets, new, item.index))[0]
    start, end = item.source.span(item.node)
    quote = item.source.text[start] if item.source.text[start] in "'\"" else item.source.quote
    return Splice(start, end, f"{quote}{new}{quote}")


def _quoted(brackets: Display, text: str, index: int | None = None) -> str:
    quote = brackets.quote(index)
    return f"{quote}{text}{quote}"


def _targets(node: ast.stmt) -> list[str]:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign | ast.AugAssign)
        else []
    )
    return [each.id for each in targets if isinstance(each, ast.Name)]


def _is_within(some: Sequence[str], everything: Sequence[str]) -> bool:
    """Whether some are there in this order."""
    rest = iter(everything)
    return all(each in rest for each in some)
