"""Where a style sheet names other files: a scanner of CSS tokens (CSS Syntax Level 3 §4), linear in its input.

It knows the tokens, not the grammar: comments, strings, names, functions and brackets are enough to tell a URL from
text that looks like one. Text is Latin-1, so that a position is the offset of an octet whatever the encoding is.
"""

import re
from collections.abc import Iterator

from .spans import Span, Spelling, percent_encoding

_SPACE = r"[ \t\n\r\f]"
_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}+(?:\r\n|[ \t\n\r\f])?+|[^\n\r\f0-9a-fA-F])"
_TOKEN = re.compile(
    rf"""
    /\*(?P<comment>.*?)(?:\*/|\Z)
    | "(?P<double>(?:[^"\\\n\r\f]|\\(?:\r\n|.))*+)
    | '(?P<single>(?:[^'\\\n\r\f]|\\(?:\r\n|.))*+)
    | <!(?P<markup>--)
    | (?P<function>(?P<name>[#@]?(?:[-\w\x00\x80-\xff]|{_ESCAPE})++)\(?)
    | (?P<opening>[(\[{{])
    | (?P<closing>[)\]}}])
    | (?P<other>[^ \t\n\r\f])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_UNQUOTED = re.compile(
    rf"{_SPACE}*+(?P<url>(?:[^\"'()\\ \t\n\r\f\x01-\x08\x0b\x0e-\x1f\x7f]|{_ESCAPE})*+){_SPACE}*+(?:\)|\Z)"
)
_QUOTE_FOLLOWS = re.compile(rf"{_SPACE}*+[\"']")
_NOT_A_URL = re.compile(rf"(?:[^)\\]|{_ESCAPE}|\\)*+\)?", re.DOTALL)
_SOURCE_MAP = re.compile(r"[#@][ \t]*sourceMappingURL=[ \t]*(\S+?)\s*\Z")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_TAKES_URL = {"@import": "import", "url(": "url", "src(": "url"}  # what comes before a string that is a URL
_IMAGE_SETS = {"image-set(", "-webkit-image-set("}


def scan(text: str) -> Iterator[Span]:
    """All URLs of a style sheet (as Latin-1 text), in the order in which they stand."""
    return _Scanner(text).spans()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._before = ""  # the significant token before this one: only "@import" and functions matter
        self._open: list[str] = []

    def spans(self) -> Iterator[Span]:
        text, search = self._text, _TOKEN.search
        while token := search(text, self._position):
            self._position = token.end()
            kind = str(token.lastgroup)
            if kind == "comment":
                span = self._comment(token)
            elif kind in ("double", "single"):
                span = self._string(token, kind)
            elif kind == "function":
                span = self._name(token)
            else:
                span = self._bracket(token)
            if span:
                yield span

    def _comment(self, token: re.Match[str]) -> Span | None:
        found = _SOURCE_MAP.match(self._text, *token.span("comment"))
        return Span(*found.span(1), "source map") if found else None

    def _string(self, token: re.Match[str], group: str) -> Span | None:
        start, end = token.span(group)
        kind = _TAKES_URL.get(self._before) or ("image-set" if self._open and self._open[-1] in _IMAGE_SETS else None)
        self._before = ""
        closed = self._text[end : end + 1] in ('"', "'")
        self._position = end + closed
        ends_well = closed or self._text[end : end + 2] in ("", "\\")  # the end of the text does, a newline does not
        return Span(start, end, kind, SPELLING) if kind and ends_well else None

    def _name(self, token: re.Match[str]) -> Span | None:
        if token.end("name") == token.end():
            self._before = _plain(token.group()) if token.group().startswith("@") else ""
            return None
        self._before = _plain(token.group("name")) + "("
        if self._before == "url(" and not _QUOTE_FOLLOWS.match(self._text, self._position):
            return self._unquoted()
        self._open.append(self._before)
        return None

    def _unquoted(self) -> Span | None:
        self._before = ""
        found = _UNQUOTED.match(self._text, self._position)
        end = found or _NOT_A_URL.match(self._text, self._position)
        self._position = end.end() if end else len(self._text)
        return Span(*found.span("url"), "url", SPELLING) if found and found.group("url") else None

    def _bracket(self, token: re.Match[str]) -> Span | None:
        self._before = ""
        if token.lastgroup == "opening":
            self._open.append(token.group())
        elif token.lastgroup == "closing" and self._open and self._open[-1][-1] == _CLOSES[token.group()]:
            self._open.pop()
        return None


def _plain(name: str) -> str:
    return unescaped(name).lower() if "\\" in name else name.lower()


_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|(.))", re.DOTALL)


def unescaped(text: str) -> str:
    """What a name, string or URL means: its escapes resolved (CSS Syntax Level 3 §4.3.7)."""
    return _ESCAPED.sub(_character, text)


SPELLING = Spelling(unescaped, percent_encoding(r"[\x00-\x20\"'()\\\x7f]"))


def _character(escape: re.Match[str]) -> str:
    digits, newline, character = escape.groups()
    if digits is None:
        return "" if newline else character
    number = int(digits, 16)
    is_character = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if is_character else "\ufffd"
