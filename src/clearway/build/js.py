"""Where a script names other files: imports, URLs beside `import.meta.url`, its source map (ECMA-262 §16.2, ECMA-426).

Words that may begin a reference are looked up first, which costs little and spares most files the lexer. The lexer
then says which of them are code, and a pattern which of these are a reference. What is computed
(`import("./" + name)`) is none; nor are bare specifiers (`import "lodash"`), which belong to an import map.
"""

import re
from collections.abc import Iterator
from operator import attrgetter

from .js_tokens import DOUBLE_QUOTED, LINE_COMMENT, SINGLE_QUOTED, TEMPLATE_TEXT, WIDE_SPACE, Lexer
from .spans import Span, Spelling, percent_encoding

_BLOCK_COMMENT = r"/\*(?:[^*]|\*(?!/))*+\*/"
_GAP = rf"(?:[ \t\n\r\v\f]|{WIDE_SPACE}|{LINE_COMMENT}|{_BLOCK_COMMENT})*+"
_STRING = rf"(?:\"(?P<double>{DOUBLE_QUOTED})\"|'(?P<single>{SINGLE_QUOTED})')"
_LITERAL = rf"(?:{_STRING}|`(?P<template>{TEMPLATE_TEXT})`)"
_ANY_STRING = rf"(?:\"{DOUBLE_QUOTED}\"|'{SINGLE_QUOTED}')"
_NAME = rf"(?:[\w$]|(?!{WIDE_SPACE})[\x80-\xff]|\\u(?:[0-9a-fA-F]{{4}}|\{{[0-9a-fA-F]++\}}))++"
_BRACES = rf"\{{(?:[^{{}}\"'/]|{_ANY_STRING}|{LINE_COMMENT}|{_BLOCK_COMMENT})*+\}}"
_CLAUSE = rf"(?:{_GAP}(?:(?!(?:im|ex)port\b){_NAME}|[*,]|{_BRACES}))*+"
_ALL_AS = rf"\*(?:{_GAP}as{_GAP}(?:{_NAME}|{_ANY_STRING}))?+"
_PHASE = rf"(?:{_GAP}\.{_GAP}(?:defer|source)\b)?+"


def _pattern(*tokens: str) -> re.Pattern[str]:
    return re.compile(_GAP.join(tokens), re.ASCII | re.DOTALL)


_META = ("import", r"\.", "meta", r"\.")
_FORMS = {
    "import": (
        ("import", _pattern(rf"import{_CLAUSE}(?<=from|port)", _STRING)),
        ("dynamic import", _pattern(rf"import{_PHASE}", r"\(", _LITERAL, "[,)]")),
        ("import.meta.resolve", _pattern(*_META, "resolve", r"\(", _LITERAL, "[,)]")),
    ),
    "export": (("import", _pattern("export", rf"(?:{_ALL_AS}|{_BRACES})", "from", _STRING)),),
    "URL": (("new URL", _pattern("URL", r"\(", _LITERAL, ",", *_META, r"url\b", r",?+", r"\)")),),
}
# With what may follow, so that prose, other calls and exports of a script's own names cost nothing.
_HIDING = r"(?:/[/*]|[\x80-\xff])"  # a comment, wide space or letter: what stands behind it is not looked at here
_URL_BEGINS = r"[\"'`][./\\hH]"
_WORD = re.compile(
    rf"import(?<![\w$#]import)(?![\w$])\s*+(?:{_URL_BEGINS}|\(\s*+(?:{_URL_BEGINS}|{_HIDING})|[{{*\\]|{_HIDING}"
    rf"|\.\s*+(?:defer\b|source\b|{_HIDING}|meta\s*+(?:{_HIDING}|\.\s*+(?:resolve\b|{_HIDING})))"
    rf"|(?:(?:defer|source)\b\s*+)?[\w$\\{{}}]++\s*+(?:[*,]|{_HIDING}|from\b\s*+(?:[\"']|{_HIDING})))"
    rf"|export(?<![\w$#]export)\s*+(?:\*(?!/(?![/*]))|{_HIDING}|\{{(?![^{{}}\"'/]*+\}}(?!\s*+(?:from|{_HIDING}))))"
    rf"|URL(?<![\w$#]URL)\s*+(?:\(\s*+(?:[\"'`]|{_HIDING})|{_HIDING})",
    re.ASCII,
)
_META_MARK = re.compile(r"import(?=\s*+[./\xc2-\xef])", re.ASCII)
_IS_URL = re.compile(r"\.{0,2}/|https?:", re.IGNORECASE)

_MAP_MARK = "sourceMappingURL="
_MAP_COMMENT = re.compile(
    r"//[#@][ \t]*+sourceMappingURL=(?P<line>[^\s'\"`]++)[ \t]*+(?=[\n\r]|\Z)"
    r"|/\*[#@][ \t]*+sourceMappingURL=(?P<block>[^\s'\"`*]++)\s*+\*/",
    re.ASCII,
)
_MAP_AT_END = re.compile(r"[ \t]*+//[#@][ \t]*+sourceMappingURL=(?P<line>[^\s'\"`*]++)\s*+\Z", re.ASCII)

_ESCAPE = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\(?:x(?P<hex>[0-9a-fA-F]{2})|u(?P<unit>[0-9a-fA-F]{4})|u\{(?P<point>[0-9a-fA-F]++)\})"
    r"|\\(?P<octal>[0-3][0-7]{0,2}|[4-7][0-7]?)"
    r"|\\(?P<newline>\r\n|[\n\r\u2028\u2029])"
    r"|\\(?P<character>.)",
    re.DOTALL,
)
_NAMED = {"b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_UNSAFE = r"[^!#-&(-\[\]-_a-~]|\$(?=\{)"


def scan(text: str) -> Iterator[Span]:
    """All references of a script (as Latin-1 text), in the order in which they stand."""
    return iter(sorted([*_references(text), *_source_map(text)], key=attrgetter("start")))


def unescaped(text: str) -> str:
    """What the text of a string means: its escapes resolved (ECMA-262 §12.9.4), those of JSON among them."""
    return _ESCAPE.sub(_character, text)


SPELLING = Spelling(unescaped, percent_encoding(_UNSAFE))


def _references(text: str) -> Iterator[Span]:
    lexer, reached = None, 0
    for word, start in _words(text):
        lexer = lexer or Lexer(text)
        if start < reached or not lexer.is_code(start) or lexer.is_name(start):
            continue
        if word == "URL" and lexer.word(lexer.before(start)) != "new":
            continue
        for kind, pattern in _FORMS[word]:
            if found := pattern.match(text, start):
                reached = found.end()
                yield from _reference(found, kind)
                break


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Words that may begin a reference, with their places."""
    kinds = [word for word in ("import", "export") if word in text]
    if kinds and "meta" in text and _META_MARK.search(text):
        kinds.append("URL")
    for start, word in sorted((start, kind) for kind in kinds for start in _occurrences(kind, text)):
        if _WORD.match(text, start):
            yield word, start


def _occurrences(word: str, text: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


def _reference(found: re.Match[str], kind: str) -> Iterator[Span]:
    literal = str(found.lastgroup)
    if kind == "new URL" or _IS_URL.match(unescaped(found[literal])):
        yield Span(*found.span(literal), kind, SPELLING)


def _source_map(text: str) -> Iterator[Span]:
    """The last comment that names one counts; on the last line of a script it can only be a comment."""
    mark = text.rfind(_MAP_MARK)
    if mark < 0:
        return
    line = max(text.rfind("\n", 0, mark), text.rfind("\r", 0, mark)) + 1
    last = _MAP_AT_END.match(text, line)
    if not last:
        lexer = Lexer(text)
        for found in _MAP_COMMENT.finditer(text):
            last = found if lexer.is_code(found.start()) else last
    if last:
        yield Span(*last.span(str(last.lastgroup)), "source map")


def _character(escape: re.Match[str]) -> str:
    kind = str(escape.lastgroup)
    value = escape[kind]
    if kind == "low":
        high, low = int(escape["high"], 16), int(value, 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    if kind in ("hex", "unit", "point"):
        return _code_point(int(value, 16))
    if kind == "octal":
        return chr(int(value, 8))
    return "" if kind == "newline" else _NAMED.get(value, value)


def _code_point(number: int) -> str:
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
