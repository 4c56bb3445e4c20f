"""The lists of packages in a pyproject.toml or a Pipfile: tables, and arrays of strings.

Python reads such an array as TOML does: brackets, commas, quotes and comments are the same.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .display import Display
from .requirement_lines import NEW, Lines, normal, place, specifier
from .source import Source, spliced

_SECTION = re.compile(r"\[+([^\]\r\n]+)\]+")
_TABLES = re.compile(r"tool\.poetry(\.group\.[\w-]+)?\.dependencies|(dev-)?packages")
_ARRAYS = re.compile(r"project|project\.optional-dependencies|dependency-groups")


@dataclass(frozen=True)
class Array:
    """The array between two characters of a text."""

    text: str
    start: int
    end: int

    @property
    def written(self) -> list[str]:
        """Its elements."""
        return list(ast.literal_eval(self.text[self.start : self.end]))

    @property
    def names(self) -> list[str]:
        """Of the packages, normalised, in order."""
        return [normal(re.split(r"[^\w.-]", each.strip(), maxsplit=1)[0]) for each in self.written]

    def add(self, like: str, version: str) -> str:
        """The text with Clearway, as strict as another package and below it, or in order where there is one."""
        brackets, index = self._brackets(), self.names.index(like)
        pin = re.sub(r"^[\w.-]+\s*(\[[^\]]*\])?\s*", "", self.written[index].strip())
        quote = brackets.quote(index)
        code = f"{quote}{NEW}{specifier(pin, version)}{quote}"
        where = place(self.names, index)
        splices = brackets.after(where - 1, code) if where else brackets.first(code)
        return self._with(spliced(brackets.source.text, splices))

    def remove(self, name: str) -> str:
        """The text without a package, and without the comments directly above it that name it."""
        brackets = self._brackets()
        return self._with(spliced(brackets.source.text, brackets.without(self.names.index(name), name)))

    def _brackets(self) -> Display:
        source = Source(Path(), self.text[self.start : self.end])
        (statement,) = source.tree.body
        assert isinstance(statement, ast.Expr)
        return Display(source, statement.value)

    def _with(self, array: str) -> str:
        return self.text[: self.start] + array + self.text[self.end :]


def toml_lists(text: str) -> Iterator[Array | Lines]:
    """All of a file; none where it is no TOML."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    rows = text.splitlines(keepends=True)
    starts = [at for at, row in enumerate(rows) if _SECTION.match(row)]
    for first, last in zip(starts, [*starts[1:], len(rows)], strict=True):
        section = _section(rows[first])
        if _TABLES.fullmatch(section):
            yield Lines.of(text, first + 1, last, table=True)
        elif _ARRAYS.fullmatch(section):
            key = "dependencies" if section == "project" else r"[\w-]+"
            yield from _arrays(text, len("".join(rows[: first + 1])), len("".join(rows[:last])), key)


def _section(row: str) -> str:
    match = _SECTION.match(row)
    return match[1].strip() if match else ""


def _arrays(text: str, start: int, end: int, key: str) -> Iterator[Array]:
    for match in re.compile(rf"^[\"']?{key}[\"']?[ \t]*=[ \t]*(?=\[)", re.MULTILINE).finditer(text, start, end):
        past = _past(text, match.end(), end)
        if past:
            yield Array(text, match.end(), past)


def _past(text: str, start: int, end: int) -> int:
    """Where the array ends: at the first bracket that makes it a list of texts; 0 where there is none."""
    at = text.find("]", start, end)
    while at >= 0:
        if _is_of_texts(text[start : at + 1]):
            return at + 1
        at = text.find("]", at + 1, end)
    return 0


def _is_of_texts(array: str) -> bool:
    try:
        values: Sequence[object] = ast.literal_eval(array)
    except (ValueError, SyntaxError):
        return False
    return all(isinstance(value, str) for value in values)
