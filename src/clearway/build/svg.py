"""Where an SVG names other files: `href` of what it draws or runs, `url()` in its styles, its style sheets.

Tags and attributes are told apart by patterns, linear in their input. Entities are never expanded: the five of XML
and numbers are read where a URL holds them, and a URL with any other is left alone.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from . import css
from .spans import Span, Spelling, percent_encoding

_TOKEN = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
    | <!\[CDATA\[.*?(?:\]\]>|\Z)
    | <!DOCTYPE[^<>\[]*+(?:\[.*?(?:\]\s*+>|\Z))?+
    | <\?xml-stylesheet(?P<instruction>\s.*?)(?:\?>|\Z)
    | <\?.*?(?:\?>|\Z)
    | <(?P<name>[^\s<>/!?="']++)(?P<attributes>(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?<=[\s\"'])(?P<key>[^\s=<>\"'/]++)\s*+=\s*+(?:\"(?P<double>[^\"<]*+)\"|'(?P<single>[^'<]*+)')"
)
_STYLE_END = re.compile(r"</(?:[\w.-]++:)?style\b|\Z")
_STYLE_PIECE = re.compile(r"<!\[CDATA\[(?P<raw>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|(?P<text>[^<]++)", re.DOTALL)
_ENTITY = re.compile(r"&(?:#(?P<decimal>[0-9]{1,7})|#x(?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z_:][\w:.-]*+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_DRAWN = frozenset({"cursor", "feImage", "font-face-uri", "image", "script", "tref", "use"})
_APPLIED = frozenset({"filter", "linearGradient", "mpath", "pattern", "radialGradient", "textPath"})
_LINKING = _DRAWN | _APPLIED
_MARKERS = frozenset({"marker", "marker-end", "marker-mid", "marker-start"})
_STYLED = frozenset({"clip-path", "cursor", "fill", "filter", "mask", "stroke", "style"}) | _MARKERS


def scan(text: str) -> Iterator[Span]:
    """The URLs of an SVG (as Latin-1 text), in the order in which they stand."""
    return (span for span in _spans(text) if _names_a_file(text[span.start : span.end]))


def unescaped(text: str) -> str:
    """What the text of an attribute means: entities that XML itself defines resolved, once."""
    return _ENTITY.sub(_character, text)


def _escaped(url: str) -> str:
    return _percent_encoded(url).replace("&", "&amp;")


# Octets that are no UTF-8 (lone surrogates) stay: the encoding that the SVG declares says what they mean.
_percent_encoded = percent_encoding(r"[\x00-\x20\"'()<>\\`\x7f-\ud7ff\ue000-\U0010ffff]")
_ATTRIBUTE_SPELLING = Spelling(unescaped, _escaped, strict=True)
_STYLE_SPELLING = Spelling(lambda text: css.unescaped(unescaped(text)), _escaped, strict=True)


def _spans(text: str) -> Iterator[Span]:
    position = 0
    while token := _TOKEN.search(text, position):
        position = token.end()
        if token["instruction"]:
            yield from _links(text, token.span("instruction"))
        elif name := token["name"]:
            local = name.rpartition(":")[2]
            yield from _element(text, local, token.span("attributes"))
            if local == "style" and not token["attributes"].endswith("/"):
                end = _STYLE_END.search(text, position)
                yield from _style(text, position, position := end.start() if end else len(text))


def _links(text: str, place: tuple[int, int]) -> Iterator[Span]:
    for attribute in _ATTRIBUTE.finditer(text, *place):
        if attribute["key"].rpartition(":")[2] == "href":
            yield Span(*attribute.span(str(attribute.lastgroup)), "href", _ATTRIBUTE_SPELLING)


def _element(text: str, name: str, place: tuple[int, int]) -> Iterator[Span]:
    for attribute in _ATTRIBUTE.finditer(text, *place):
        value = attribute.span(str(attribute.lastgroup))
        if name in _LINKING and attribute["key"].rpartition(":")[2] == "href":
            yield Span(*value, "href", _ATTRIBUTE_SPELLING)
        elif attribute["key"] in _STYLED and "(" in text[slice(*value)]:
            yield from _declared(text, *value)


def _style(text: str, start: int, end: int) -> Iterator[Span]:
    for piece in _STYLE_PIECE.finditer(text, start, end):
        if piece["text"]:
            yield from _declared(text, *piece.span("text"))
        elif piece["raw"]:
            yield from _moved(css.scan(piece["raw"]), piece.start("raw"))


def _moved(spans: Iterator[Span], offset: int) -> Iterator[Span]:
    return (Span(span.start + offset, span.end + offset, span.kind, span.spelling) for span in spans)


def _declared(text: str, start: int, end: int) -> Iterator[Span]:
    """The URLs of CSS in which entities may stand, also for its quotes."""
    plain, origins = _read(text, start, end)
    for span in css.scan(plain):
        yield Span(_origin(origins, span.start), _origin(origins, span.end), span.kind, _STYLE_SPELLING)


def _read(text: str, start: int, end: int) -> tuple[str, list[tuple[int, int]]]:
    """The text with its entities resolved; (position in it, position before) from where both run parallel."""
    pieces, size, origins = [], 0, [(0, start)]
    for entity in _ENTITY.finditer(text, start, end):
        if len(character := _character(entity)) == 1:
            before = text[origins[-1][1] : entity.start()]
            pieces += [before, character]
            size += len(before) + 1
            origins += [(size - 1, entity.start()), (size, entity.end())]
    return "".join([*pieces, text[origins[-1][1] : end]]), origins


def _origin(origins: list[tuple[int, int]], position: int) -> int:
    at, origin = origins[bisect_right(origins, position, key=itemgetter(0)) - 1]
    return origin + position - at


def _character(entity: re.Match[str]) -> str:
    if entity["name"]:
        return _NAMED.get(entity["name"], entity[0])
    number = int(entity["decimal"]) if entity["decimal"] else int(entity["hex"], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _names_a_file(url: str) -> bool:
    plain = unescaped(url).strip()
    if not plain or plain.startswith(("#", "data:")):
        return False
    return all(len(_character(entity)) == 1 for entity in _ENTITY.finditer(url))
