"""A word with variables: `$name`, `${name}` and `$1`, compiled once, evaluated per request."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

_PART = re.compile(r"\$(?:(?P<capture>[1-9])|\{(?P<braced>\w+)\}|(?P<plain>\w+))", re.ASCII)


class Known(Protocol):
    """Who knows the variables and captures of a request."""

    def variable(self, name: str) -> str:
        """By lower-case name. Raises Unknowable."""

    def capture(self, number: int) -> str:
        """Of the last regular expression that matched."""


@lru_cache(maxsize=8192)
def parts(text: str) -> tuple[str | tuple[str, str | int], ...]:
    """Literal texts, and (`variable`, name) or (`capture`, number)."""
    found: list[str | tuple[str, str | int]] = []
    at = 0
    for match in _PART.finditer(text):
        if match.start() > at:
            found.append(text[at : match.start()])
        name = match["braced"] or match["plain"]
        found.append(("capture", int(match["capture"])) if match["capture"] else ("variable", name.lower()))
        at = match.end()
    if at < len(text):
        found.append(text[at:])
    return tuple(found)


def has_variables(text: str) -> bool:
    """Whether the word depends on the request."""
    return "$" in text and any(not isinstance(part, str) for part in parts(text))


def evaluate(text: str, known: Known, write: Callable[[str], str] = str) -> str:
    """The word for a request; `write` is applied to captures. Raises Unknowable."""
    if "$" not in text:
        return text
    return "".join(_value(part, known, write) for part in parts(text))


def _value(part: str | tuple[str, str | int], known: Known, write: Callable[[str], str]) -> str:
    if isinstance(part, str):
        return part
    kind, name = part
    return write(known.capture(int(name))) if kind == "capture" else known.variable(str(name))
