"""A URL inside a text source: where it stands, what it is there for, and how it is spelled there."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language writes a URL: `read` resolves its escapes, `write` makes a URL safe where it will stand."""

    read: Callable[[str], str]
    write: Callable[[str], str]
    strict: bool = False  # `write` is needed even where the old URL had no escape


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets of octets, the quotes outside. Without a spelling, the text is the URL."""

    start: int
    end: int
    kind: str
    spelling: Spelling | None = None


def percent_encoding(unsafe: str) -> Callable[[str], str]:
    """A `write` that percent-encodes what the pattern `unsafe` finds; a URL means the same after it."""
    found = re.compile(unsafe)
    return lambda url: found.sub(_encoded, url)


def _encoded(found: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in found[0].encode("utf-8", "surrogateescape"))
