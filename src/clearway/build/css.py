"""Where a style sheet names other files: a scanner of CSS tokens (CSS Syntax Level 3 §4), linear in its input.

It stops only where a URL can begin, or where what looks like one can hide: at comments, strings, escapes, `@import`,
and the brackets of `url()`, `src()` and `image-set()`. Text is Latin-1, so that a position is the offset of an octet
whatever the encoding is.
"""

import re
from collections.abc import Iterator
from operator import attrgetter

from .spans import Span, Spelling, percent_encoding

_SPACE = r"[ \t\n\r\f]"
_LETTER = r"[-\w\x00\x80-\xff]"  # of a name, where NUL stands for U+FFFD
_HEX = r"[0-9a-fA-F]{1,6}+(?:\r\n|[ \t\n\r\f])?+"
_ESCAPE = rf"\\(?:{_HEX}|[^\n\r\f0-9a-fA-F])"
_ESCAPE_IN_STRING = rf"\\(?:{_HEX}|\r\n|.)"
_IN_COMMENT = r"[^*]*+(?:\*(?!/)[^*]*+)*+"


def _run(plain: str, escape: str) -> str:
    """Octets of the class `plain` with escapes between them, read in strides."""
    return rf"{plain}*+(?:{escape}{plain}*+)*+"


_DOUBLE_QUOTED = _run(r"[^\"\\\n\r\f]", _ESCAPE_IN_STRING)
_SINGLE_QUOTED = _run(r"[^'\\\n\r\f]", _ESCAPE_IN_STRING)
_NO_QUOTES = _run(r"[^\"'()\\ \t\n\r\f\x01-\x08\x0b\x0e-\x1f\x7f]", _ESCAPE)
_BAD_URL = _run(r"[^)\\]", rf"(?:{_ESCAPE}|\\)")

# Each alternative begins with a literal octet: then the search passes over all other octets at no cost.
_ANYWHERE = rf"""
    /\*(?P<comment>{_IN_COMMENT})(?:\*/)?+
    | "(?P<double>{_DOUBLE_QUOTED})
    | '(?P<single>{_SINGLE_QUOTED})
    | \\(?P<escape>)
    | <!--(?P<markup>)
    | @[iI][mM][pP][oO][rR][tT](?P<import>)(?!{_LETTER}|\\[^\n\r\f])
"""
_FLAGS = re.VERBOSE | re.DOTALL | re.ASCII
_TOKEN = re.compile(rf"{_ANYWHERE} | \((?P<opening>)(?<=[uU][rR][lL]\(|[sS][rR][cC]\(|[sS][eE][tT]\()", _FLAGS)
_TOKEN_IN_SET = re.compile(rf"{_ANYWHERE} | [(\[{{](?P<opening>) | [)\]}}](?P<closing>)", _FLAGS)

_NAME_BEFORE = re.compile(rf"[#@]?+{_LETTER}*+\Z", re.ASCII)
_LONGEST = len("-webkit-image-set")
_ESCAPED_NAME = re.compile(_run(_LETTER, _ESCAPE), re.ASCII | re.DOTALL)
_UNQUOTED = re.compile(rf"{_SPACE}*+(?P<url>{_NO_QUOTES}){_SPACE}*+(?:\)|\Z)")
_QUOTE_FOLLOWS = re.compile(rf"{_SPACE}*+(?=[\"'])")
_GAP = re.compile(rf"(?:{_SPACE}|/\*{_IN_COMMENT}\*/)*+")
_NOT_A_URL = re.compile(rf"{_BAD_URL}\)?", re.DOTALL)
_SOURCE_MAP = re.compile(r"[#@][ \t]*sourceMappingURL=[ \t]*(\S+?)\s*\Z")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_IMAGE_SETS = {"image-set(", "-webkit-image-set("}


def scan(text: str) -> Iterator[Span]:
    """All URLs of a style sheet (as Latin-1 text), in the order in which they stand."""
    return iter(sorted(_Scanner(text).spans(), key=attrgetter("start")))


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._joins_from = 0  # names do not reach further back
        self._url_at, self._url_kind = -1, ""  # where a string would be a URL
        self._open: list[str] = []  # brackets, from an `image-set(` inwards

    def spans(self) -> Iterator[Span]:
        """In order, but for the source map: of several comments that name one, the last counts."""
        text, source_map = self._text, None
        while token := (_TOKEN_IN_SET if self._open else _TOKEN).search(text, self._position):
            kind, self._position = str(token.lastgroup), token.end()
            if kind == "comment":
                source_map = _SOURCE_MAP.match(text, *token.span("comment")) or source_map
            elif kind in ("double", "single"):
                yield from self._string(*token.span(kind))
            elif kind == "opening":
                yield from self._bracket(token.start())
            elif kind == "escape":
                yield from self._escaped_name(token.start())
            elif kind == "import":
                self._expect_string(kind)
            elif kind == "closing":
                self._close(token[0])
            else:
                self._joins_from = self._position
        if source_map:
            yield Span(*source_map.span(1), "source map")

    def _string(self, start: int, end: int) -> Iterator[Span]:
        text = self._text
        closed = text[end : end + 1] in ('"', "'")
        self._position = end + closed
        ends_well = closed or text[end : end + 2] in ("", "\\")  # the end of the text does, a newline does not
        if ends_well and start - 1 == self._url_at:
            yield Span(start, end, self._url_kind, SPELLING)
        elif ends_well and self._open and self._open[-1] in _IMAGE_SETS:
            yield Span(start, end, "image-set", SPELLING)

    def _expect_string(self, kind: str) -> None:
        self._url_at, self._url_kind = _end(_GAP.match(self._text, self._position)), kind

    def _name_before(self, position: int) -> str:
        found = _NAME_BEFORE.search(self._text, max(self._joins_from, position - _LONGEST - 1), position)
        return found[0] if found else ""

    def _bracket(self, start: int) -> Iterator[Span]:
        bracket = self._text[start]
        return self._function(self._name_before(start).lower() + bracket if bracket == "(" else bracket)

    def _escaped_name(self, start: int) -> Iterator[Span]:
        """A whole name, since an escape can be the letter of a function's or of `@import`."""
        end = _end(_ESCAPED_NAME.match(self._text, start))
        if end == start:
            return
        before = self._name_before(start)
        name = before.lower() + unescaped(self._text[start:end]).lower()
        self._position = end
        if name == "@import" and before:
            self._expect_string("import")
        elif self._text[end : end + 1] == "(":
            self._position = end + 1
            yield from self._function(f"{name}(")

    def _function(self, opened: str) -> Iterator[Span]:
        if opened == "url(" and not _QUOTE_FOLLOWS.match(self._text, self._position):
            yield from self._unquoted()
            return
        if opened in ("url(", "src("):
            self._expect_string("url")
        if self._open or opened in _IMAGE_SETS:
            self._open.append(opened)

    def _unquoted(self) -> Iterator[Span]:
        found = _UNQUOTED.match(self._text, self._position)
        self._position = _end(found or _NOT_A_URL.match(self._text, self._position))
        if found and found["url"]:
            yield Span(*found.span("url"), "url", SPELLING)

    def _close(self, bracket: str) -> None:
        if self._open[-1][-1] == _CLOSES[bracket]:
            self._open.pop()


def _end(found: re.Match[str] | None) -> int:
    assert found  # patterns that match at least nothing
    return found.end()


_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|(.))", re.DOTALL)


def unescaped(text: str) -> str:
    """What a name, string or URL means: its escapes resolved (CSS Syntax Level 3 §4.3.7)."""
    return _ESCAPED.sub(_character, text) if "\\" in text else text


SPELLING = Spelling(unescaped, percent_encoding(r"[\x00-\x20\"'()\\\x7f]"))


def _character(escape: re.Match[str]) -> str:
    digits, newline, character = escape.groups()
    if digits is None:
        return "" if newline else character
    number = int(digits, 16)
    is_character = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if is_character else "\ufffd"
