"""A list of packages, a line each: requirements files, `install_requires`, the tables of Poetry and Pipenv."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NEW = "clearway"
_LINE = re.compile(r"^(?P<indent>[ \t]*)(?P<name>[A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*(?P<rest>[^\r\n]*)")
_TABLE_LINE = re.compile(r"^(?P<indent>)[\"']?(?P<name>[A-Za-z0-9][\w.-]*)[\"']?[ \t]*=[ \t]*(?P<rest>[^\r\n]*)")
_PIN = re.compile(r"===?|[~^>]=?")


@dataclass(frozen=True)
class Lines:
    """`rows` are those of the file, with their ends; `at` are the numbers of those that name a package, from 0."""

    rows: Sequence[str]
    at: Sequence[int]
    table: bool = False

    @classmethod
    def of(cls, text: str, first: int = 0, last: int | None = None, *, table: bool = False) -> "Lines":
        """Those from line `first` to before `last`."""
        rows = text.splitlines(keepends=True)
        pattern = _TABLE_LINE if table else _LINE
        inside = range(first, len(rows) if last is None else last)
        return cls(rows, [at for at in inside if pattern.match(rows[at])], table)

    @property
    def names(self) -> list[str]:
        """Of the packages, normalised, in order."""
        return [normal(self._match(at)["name"]) for at in self.at]

    def add(self, like: str, version: str) -> str:
        """The text with Clearway, as strict as another package and below it, or in order where there is one."""
        index = self.names.index(like)
        match = self._match(self.at[index])
        pin = specifier(match["rest"], version)
        line = f'{NEW} = "{pin or "*"}"' if self.table else f"{match['indent']}{NEW}{pin}"
        end = "\r\n" if self.rows[0].endswith("\r\n") else "\n"
        where = place(self.names, index)
        before = self.at[where] if where < len(self.at) else self.at[-1] + 1
        above = list(self.rows[:before])
        if not above[-1:] or not above[-1].endswith("\n"):
            above = [*above[:-1], above[-1] + end] if above else []
        return "".join([*above, line + end, *self.rows[before:]])

    def remove(self, name: str) -> str:
        """The text without a package, and without the comments directly above it that name it."""
        last = self.at[self.names.index(name)]
        first = last
        while first and re.match(rf"\s*#.*{name}", self.rows[first - 1], re.IGNORECASE):
            first -= 1
        return "".join([*self.rows[:first], *self.rows[last + 1 :]])

    def _match(self, at: int) -> "re.Match[str]":
        match = (_TABLE_LINE if self.table else _LINE).match(self.rows[at])
        assert match is not None
        return match


def normal(name: str) -> str:
    """As names of packages are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def specifier(like: str, version: str) -> str:
    """As strict as another requirement: pinned, at least, or nothing."""
    pin = _PIN.match(like.strip("\"' ("))
    return "" if pin is None else f"{'==' if pin[0].startswith('==') else '>='}{version}"


def place(names: Sequence[str], like: int) -> int:
    """Where a new one goes: in order where they have one, else directly below another."""
    if len(names) > 2 and list(names) == sorted(names):
        return sum(name < NEW for name in names)
    return like + 1


def install_requires(text: str) -> Iterator[Lines]:
    """That of a setup.cfg."""
    rows = text.splitlines()
    first = next((at for at, row in enumerate(rows, 1) if re.match(r"install_requires\s*=\s*$", row)), len(rows))
    last = next((at for at in range(first, len(rows)) if rows[at].strip() and not rows[at][:1].isspace()), len(rows))
    yield Lines.of(text, first, last)
