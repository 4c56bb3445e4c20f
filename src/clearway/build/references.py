"""References: the places in a text source that name another source, and the edits that change them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from . import css

SOURCE_MAP = "source map"
_SCRIPT_MAP = re.compile(r"^[ \t]*//[#@][ \t]*sourceMappingURL=[ \t]*(\S+)[ \t]*\r?$", re.MULTILINE)
_BYTE_ORDER_MARK = "\xef\xbb\xbf"
_UNSAFE = re.compile(r"[\x00-\x20\"'()\\\x7f]")


@dataclass(frozen=True, slots=True)
class Reference:
    """A URL in a source. `start` and `end` are offsets of octets; `url` is what it means, escapes resolved."""

    start: int
    end: int
    url: str
    kind: str
    escaped: bool = False

    def edit(self, url: str) -> "Edit":
        """The edit that makes this reference say `url`, safe where the old one stood."""
        safe = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", url) if self.escaped else url
        return Edit(self.start, self.end, safe.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Edit:
    """`data` instead of the octets from `start` to `end`."""

    start: int
    end: int
    data: bytes


def find(name: str, data: bytes) -> list[Reference]:
    """The references of a source, by the extension of its name; in the order in which they stand."""
    spans = _SPANS.get(PurePosixPath(name).suffix.lower())
    if spans is None:
        return []
    return [_reference(data, span) for span in spans(data.decode("latin-1"))]


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The source after its edits, which stand in order and do not overlap; all other octets stay."""
    pieces, position = [], 0
    for edit in edits:
        pieces += [data[position : edit.start], edit.data]
        position = edit.end
    return b"".join([*pieces, data[position:]])


def line(data: bytes, position: int) -> int:
    """The number of the line, from 1, in which an octet stands."""
    return data.count(b"\n", 0, position) + 1


def _reference(data: bytes, span: css.Span) -> Reference:
    text = data[span.start : span.end].decode("utf-8", "surrogateescape")
    escaped = span.kind != SOURCE_MAP and "\\" in text
    return Reference(span.start, span.end, css.unescaped(text) if escaped else text, span.kind, escaped)


def _style_sheet(text: str) -> Iterator[css.Span]:
    marked = text.startswith(_BYTE_ORDER_MARK)
    yield from css.scan("   " + text[3:] if marked else text)  # the mark would join the first name


def _script(text: str) -> Iterator[css.Span]:
    if "sourceMappingURL=" in text:
        yield from (css.Span(*found.span(1), SOURCE_MAP) for found in _SCRIPT_MAP.finditer(text))


_SPANS: dict[str, Callable[[str], Iterator[css.Span]]] = {
    ".css": _style_sheet,
    ".js": _script,
    ".mjs": _script,
    ".cjs": _script,
}
