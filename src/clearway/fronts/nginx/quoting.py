"""Words of a configuration, quoted where nginx needs it."""

import re
from collections.abc import Iterable, Iterator

from clearway.fronts.errors import UnwritableError

_LONGEST = 3500  # octets of a regular expression: nginx reads no word of 4,096, what stands around it included
_BARE = re.compile(r"[A-Za-z0-9_./:@+*=,^~%-]+")


def word(text: str) -> str:
    """A word without variables. Raises `UnwritableError`: nginx has no way to write a dollar sign."""
    if "$" in text or any(ord(character) < 32 for character in text):
        raise UnwritableError(f"{text!r} cannot be written in a configuration of nginx: rename the directory")
    return text if _BARE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """A word in double quotes; variables in it are read."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def either(patterns: Iterable[str], longest: int = _LONGEST) -> Iterator[str]:
    """Regular expressions, as few as `longest` (octets) allows, that together match what one of `patterns` does."""
    group: list[str] = []
    octets = 0
    for pattern in patterns:
        wanted = len(regex(pattern).encode()) + 1
        if group and octets + wanted > longest:
            yield f"(?:{'|'.join(group)})"
            group, octets = [], 0
        group.append(pattern)
        octets += wanted
    if group:
        yield f"(?:{'|'.join(group)})"


def regex(text: str) -> str:
    """A regular expression in double quotes: nginx leaves every backslash that it does not know."""
    return '"' + text.replace('"', '\\"') + '"'
