"""A URL as Go's net/url has it: a decoded path, the raw one where it says more, and the query."""

import re
import string
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_IN_PATH = "$&+,/:;=@"  # beside letters, digits and "-_.~"
_VALID_RAW = frozenset(string.ascii_letters + string.digits + "-_.~$&+,/:;=@!'()*[]%")


class BadTargetError(ValueError):
    """A request target that Go's server refuses with 400."""


@dataclass
class Url:
    """`path` is decoded; `raw` is the path as it was written where encoding it again would give another one."""

    path: str
    raw: str = ""
    query: str = ""
    has_empty_query: bool = False

    @property
    def escaped(self) -> str:
        """The path with its escapes."""
        if self.raw and set(self.raw) <= _VALID_RAW and _is_of(self.raw, self.path):
            return self.raw
        return "*" if self.path == "*" else escape(self.path)

    @property
    def target(self) -> str:
        """As a request target."""
        has_query = self.has_empty_query or self.query
        return (self.escaped or "/") + (f"?{self.query}" if has_query else "")

    def copy(self) -> "Url":
        return Url(self.path, self.raw, self.query, self.has_empty_query)


def parse(target: str) -> Url:
    """A request target in origin form. Raises BadTargetError."""
    if any(ord(character) < 0x21 or ord(character) == 0x7F for character in target):
        raise BadTargetError("the request target holds a space or a control character")
    if not target.startswith("/") and target != "*":
        raise BadTargetError("the request target is not a path")
    path, mark, query = target.partition("?")
    try:
        decoded = unescape(path)
    except ValueError:
        raise BadTargetError("a percent sign in the path is no escape") from None
    raw = "" if escape(decoded) == path else path
    return Url(decoded, raw, query, bool(mark) and not query)


def _is_of(raw: str, path: str) -> bool:
    try:
        return unescape(raw) == path
    except ValueError:
        return False


def unescape(text: str) -> str:
    """Raises ValueError for a percent sign that begins no escape."""
    if _ESCAPE.search(text):
        raise ValueError(f"not an escape in {text!r}")
    return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def escape(path: str) -> str:
    """A decoded path in the usual form."""
    return quote_from_bytes(path.encode("utf-8", "surrogateescape"), _IN_PATH)


def query_escape(text: str) -> str:
    """A name or value of a query."""
    return quote_from_bytes(text.encode("utf-8", "surrogateescape"), " ").replace(" ", "+")


def query_values(query: str) -> tuple[dict[str, list[str]], bool]:
    """The values by name, and whether all of the query could be read: a semicolon or a bad escape cannot."""
    values: dict[str, list[str]] = {}
    is_good = True
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        try:
            pair = unescape(name.replace("+", " ")), unescape(value.replace("+", " "))
        except ValueError:
            is_good = False
            continue
        if ";" in part:
            is_good = False
        else:
            values.setdefault(pair[0], []).append(pair[1])
    return values, is_good
