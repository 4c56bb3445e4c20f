"""Header fields of an answer, and what `header` does to them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from . import regex

_SET, _ADD, _DELETE, _DEFAULT, _REPLACE = "set", "+", "-", "?", "replace"


class Headers:
    """Fields by lower-case name, each with its values in order.

    A Content-Type may be there without a value: then none is sent, and Go guesses none either.
    """

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    def names(self) -> list[str]:
        return list(self._values)

    def first(self, name: str) -> str:
        """The first value; empty where there is none."""
        return next(iter(self._values.get(name.lower(), ())), "")

    def joined(self, name: str) -> str:
        return ",".join(self._values.get(name.lower(), ()))

    def values(self, name: str) -> list[str]:
        return self._values.get(name.lower(), [])

    def set(self, name: str, *values: str) -> None:
        """No value at all leaves the field there, and empty."""
        self._values[name.lower()] = list(values)

    def add(self, name: str, value: str) -> None:
        self._values.setdefault(name.lower(), []).append(value)

    def delete(self, name: str) -> None:
        self._values.pop(name.lower(), None)

    def sent(self) -> dict[str, str]:
        """What goes out: line ends are spaces, several values of one name are joined."""
        return {name: ", ".join(map(_line, values)) for name, values in self._values.items() if values}


def _line(value: str) -> str:
    return re.sub("[\r\n]", " ", value).strip(" \t")


@dataclass
class Change:
    """One change as it is written; the words still have their placeholders."""

    kind: str
    name: str
    value: str = ""
    replacement: str = ""

    @classmethod
    def parse(cls, name: str, value: str, replacement: str, *, is_request: bool = False) -> "Change":
        """Of `header` and its kin: the mark before the name says what is done. Raises ValueError."""
        if name[:1] in {_ADD, _DELETE}:
            return cls(name[0], name[1:], value)
        if name.startswith(_DEFAULT):
            if is_request:
                raise ValueError("? is for header fields of answers only")
            return cls(_DEFAULT, name[1:], value)
        if name.startswith(">"):  # as of Caddy 2.8: when the answer is written
            return cls(_SET, name[1:], value)
        return cls(_REPLACE, name, value, replacement) if replacement else cls(_SET, name, value)


@dataclass
class Changes:
    """Those of one `header`; Caddy does all that add, then all that set, delete and replace."""

    changes: list[Change] = field(default_factory=list)
    is_deferred: bool = False

    @property
    def defaults(self) -> list[str]:
        return [change.name for change in self.changes if change.kind == _DEFAULT]

    @property
    def deletes(self) -> bool:
        return any(change.kind == _DELETE for change in self.changes)

    def apply(self, headers: Headers, fill: Callable[[str], str]) -> None:
        """Do them; with `?`, only if none of the fields is there."""
        if any(headers.values(name) for name in self.defaults):
            return
        for kinds in ((_ADD,), (_SET, _DEFAULT), (_DELETE,), (_REPLACE,)):
            for change in self.changes:
                if change.kind in kinds:
                    _do(change, headers, fill)


def _do(change: Change, headers: Headers, fill: Callable[[str], str]) -> None:
    name = fill(change.name)
    if change.kind == _ADD:
        headers.add(name, fill(change.value))
    elif change.kind == _DELETE:
        for each in _named(name.lower(), headers):
            headers.delete(each)
    elif change.kind == _REPLACE:
        names = headers.names() if name == "*" else [name]
        for each in names:
            if each in headers:
                texts = headers.values(each)
                headers.set(each, *(regex.replaced(change.value, text, fill(change.replacement)) for text in texts))
    else:
        headers.set(name, fill(change.value))


def _named(pattern: str, headers: Headers) -> list[str]:
    """A star at an end of a name stands for anything."""
    inner = pattern.strip("*")
    if pattern.startswith("*") and pattern.endswith("*"):
        return [name for name in headers.names() if inner in name]
    if pattern.startswith("*"):
        return [name for name in headers.names() if name.endswith(inner)]
    if pattern.endswith("*"):
        return [name for name in headers.names() if name.startswith(inner)]
    return [pattern]
