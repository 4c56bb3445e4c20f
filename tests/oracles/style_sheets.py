"""tinycss2 as a second opinion on style sheets: its tokens, walked by what CSS says of URLs.

tinycss2 gives the line and column at which a token begins. Where its URL ends is read from there octet by octet, and
checked: tinycss2 must give the same value for the piece alone.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import tinycss2

SOURCE_MAP = re.compile(r"[#@][ \t]*sourceMappingURL=[ \t]*(\S+?)\s*")
HEX = frozenset("0123456789abcdefABCDEF")
SPACE = frozenset(" \t\n\r\f")


class Place(NamedTuple):
    """Offsets of octets, what a URL is there for, and what it says."""

    start: int
    end: int
    kind: str
    url: str


def expected(data: bytes) -> list[Place]:
    """The URLs of a style sheet, in order."""
    text = data.decode("utf-8", "surrogateescape")
    readable = " " + text[1:] if text.startswith("\ufeff") else text
    tokens = tinycss2.parse_component_value_list(readable)
    places = _Places(readable)
    urls = [places.of(token, kind) for token, kind in urls_in(tokens, "")]
    maps = [(token, found) for token in _comments(tokens) if (found := SOURCE_MAP.fullmatch(token.value))]
    urls += [places.of_source_map(token, found) for token, found in maps[-1:]]
    octets = _Octets(text)
    return [Place(octets.at(one.start), octets.at(one.end), one.kind, one.url) for one in sorted(urls)]


def urls_in(tokens: Iterable[Any], function: str) -> Iterator[tuple[Any, str]]:
    """The tokens that hold a URL, with its kind."""
    before = f"{function}("
    for token in tokens:
        if token.type in ("comment", "whitespace") or (token.type == "error" and token.kind.startswith("eof-in")):
            continue
        if token.type == "url" and token.value:
            yield token, "url"
        elif token.type == "string" and (kind := _kind(before, function)):
            yield token, kind
        elif token.type == "function":
            yield from urls_in(token.arguments, token.lower_name)
        elif token.type.endswith(" block"):
            yield from urls_in(token.content, "")
        before = f"@{token.lower_value}" if token.type == "at-keyword" else ""


def _kind(before: str, function: str) -> str | None:
    if before == "@import":
        return "import"
    if before in ("url(", "src("):
        return "url"
    return "image-set" if function in ("image-set", "-webkit-image-set") else None


def _comments(tokens: Iterable[Any]) -> Iterator[Any]:
    for token in tokens:
        if token.type == "comment":
            yield token
        elif token.type == "function":
            yield from _comments(token.arguments)
        elif token.type.endswith(" block"):
            yield from _comments(token.content)


class _Places:
    """From tokens to offsets in the text that they were read from."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer(r"\r\n|[\n\r\f]", text))]

    def of(self, token: Any, kind: str) -> Place:
        text, start = self._text, self._start(token)
        if token.type == "string":
            start, stops = start + 1, frozenset(text[start])
        else:
            start, stops = text.index("(", start) + 1, SPACE | {")"}
            while text[start] in SPACE:
                start += 1
        end = self._end(start, stops)
        quote = text[start - 1] if token.type == "string" else '"'
        (alone,) = tinycss2.parse_component_value_list(f"{quote}{text[start:end]}{quote}")
        assert alone.type == "string" and alone.value == token.value, (text[start:end], token.value)
        return Place(start, end, kind, token.value)

    def of_source_map(self, token: Any, found: re.Match[str]) -> Place:
        start = self._start(token) + len("/*")
        return Place(start + found.start(1), start + found.end(1), "source map", found[1])

    def _start(self, token: Any) -> int:
        return self._lines[token.source_line - 1] + token.source_column - 1

    def _end(self, position: int, stops: frozenset[str]) -> int:
        text = self._text
        while position < len(text) and text[position] not in stops:
            if text[position] != "\\":
                position += 1
            elif position + 1 == len(text):
                break  # an escape of nothing
            else:
                position = self._after_escape(position + 1)
        return position

    def _after_escape(self, position: int) -> int:
        text, digits = self._text, 0
        while digits < 6 and text[position + digits : position + digits + 1] in HEX:
            digits += 1
        after = position + digits
        if text[after : after + 2] == "\r\n":
            return after + 2
        return after + (not digits or text[after : after + 1] in SPACE)


class _Octets:
    """From offsets of characters, asked for in any order, to those of octets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known = (0, 0)

    def at(self, position: int) -> int:
        character, octet = self._known if self._known[0] <= position else (0, 0)
        octet += len(self._text[character:position].encode("utf-8", "surrogateescape"))
        self._known = (position, octet)
        return octet
