"""Macros of a configuration (mod_macro): lines that are read in place of their use, parameters replaced as text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location

from . import lines

Row = tuple[Location, str]


class Rows:
    """The lines of a file in their order; those of a macro come in place of its use."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._stack = [("", iter(rows))]

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        while True:
            try:
                return next(self._stack[-1][1])
            except StopIteration:
                if len(self._stack) == 1:
                    raise
                self._stack.pop()

    def put(self, name: str, rows: Iterable[Row], where: Location) -> None:
        """The lines of a macro before what is left. Raises ConfigurationError inside of itself."""
        if any(each == name for each, _ in self._stack):
            raise ConfigurationError(f"recursive use of macro '{name}' is invalid", where)
        self._stack.append((name, iter(rows)))


@dataclass(frozen=True)
class Macro:
    """Its parameters with their marks, and its lines as they are written."""

    parameters: tuple[str, ...]
    rows: tuple[Row, ...]

    def written(self, values: Sequence[str], used: Location) -> Iterator[Row]:
        """The lines with values in place of the parameters; of two that begin alike the longer one is taken."""
        given = dict(zip(self.parameters, values, strict=True))
        names = "|".join(map(re.escape, sorted(given, key=len, reverse=True)))
        for where, text in self.rows:
            whole = re.sub(names, lambda found: _value(found[0], given), text).strip() if names else text
            if whole and not whole.startswith("#"):
                yield replace(where, used=used), whole


def _value(name: str, given: dict[str, str]) -> str:
    """One whose name begins with @ is put in quotes."""
    value = given[name]
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if name.startswith("@") else value


class Macros:
    """Those that are defined up to here, by their names in lower case. Methods raise ConfigurationError as httpd."""

    def __init__(self, known: Mapping[str, Macro]) -> None:
        self._known = dict(known)

    def known(self) -> dict[str, Macro]:
        """By their names."""
        return dict(self._known)

    def define(self, rest: str, where: Location, rows: Rows) -> None:
        """`<Macro NAME $parameter…>` and the lines that follow, up to its end."""
        name, *parameters = lines.words(rest) or ("",)
        if not name:
            raise ConfigurationError("<Macro macro definition: empty name", where)
        if len(set(parameters)) < len(parameters) or "" in parameters:
            raise ConfigurationError(f"argument name conflict in macro '{name.lower()}'", where)
        self._known[name.lower()] = Macro(tuple(parameters), tuple(_inside(rows, where)))

    def use(self, words: tuple[str, ...], where: Location, rows: Rows) -> None:
        """`Use NAME value…`"""
        name, values = (words[0].lower() if words else ""), words[1:]
        macro = self._of(name, where)
        if len(values) != len(macro.parameters):
            wanted = f"used with {len(values)} arguments instead of {len(macro.parameters)}"
            raise ConfigurationError(f"macro '{name}' {wanted}", where)
        rows.put(name, macro.written(values, where), where)

    def forget(self, words: tuple[str, ...], where: Location) -> None:
        """`UndefMacro NAME`"""
        name = words[0].lower() if words else ""
        self._of(name, where)
        del self._known[name]

    def _of(self, name: str, where: Location) -> Macro:
        if name not in self._known:
            raise ConfigurationError(f"macro '{name}' undefined", where)
        return self._known[name]


def _inside(rows: Rows, where: Location) -> Iterator[Row]:
    """Up to the end of the macro; macros that it defines are a part of it."""
    depth = 1
    for place, line in rows:
        first = line.split(maxsplit=1)[0].lower()
        depth += (first == "<macro") - (first == "</macro>")
        if not depth:
            return
        yield place, line
    raise ConfigurationError("expected token not found: </Macro>", where)
