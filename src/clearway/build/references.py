"""References: the places in a text source that name another source, and the edits that change them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from posixpath import splitext

from .spans import Span, Spelling

SOURCE_MAP = "source map"
AT_RUN_TIME = frozenset({"dynamic import", "import.meta.resolve", "new URL"})  # a program may never follow these
_BYTE_ORDER_MARK = "\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Reference:
    """A URL in a source. `start` and `end` are offsets of octets; `url` is what it means, escapes resolved."""

    start: int
    end: int
    url: str
    kind: str
    spelling: Spelling | None = None  # where not every URL may stand as it is

    def edit(self, url: str) -> "Edit":
        """The edit that makes this reference say `url`, safe where the old one stood."""
        safe = self.spelling.write(url) if self.spelling else url
        return Edit(self.start, self.end, safe.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Edit:
    """`data` instead of the octets from `start` to `end`."""

    start: int
    end: int
    data: bytes


def find(name: str, data: bytes) -> list[Reference]:
    """The references of a source, by the extension of its name; in the order in which they stand."""
    spans = _SPANS.get(splitext(name)[1].lower())
    if spans is None:
        return []
    return [_reference(data, span) for span in spans(data.decode("latin-1"))]


def can_refer(name: str) -> bool:
    """Whether sources of this name can hold references."""
    return splitext(name)[1].lower() in _SPANS


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


def _reference(data: bytes, span: Span) -> Reference:
    text = data[span.start : span.end].decode("utf-8", "surrogateescape")
    spelling = span.spelling
    url = spelling.read(text) if spelling else text
    as_it_is = spelling is None or (url == text and not spelling.strict)
    return Reference(span.start, span.end, url, span.kind, None if as_it_is else spelling)


# Scanners are imported with the first source that needs one: most runs read nothing new, and patterns take a while.


def _style_sheet(text: str) -> Iterator[Span]:
    from . import css

    marked = text.startswith(_BYTE_ORDER_MARK)
    return css.scan("   " + text[3:] if marked else text)  # the mark would join the first name


def _script(text: str) -> Iterator[Span]:
    from . import js

    return js.scan(text)


def _drawing(text: str) -> Iterator[Span]:
    from . import svg

    return svg.scan(text)


def _manifest(text: str) -> Iterator[Span]:
    from . import web_manifest

    return web_manifest.scan(text)


_SPANS: dict[str, Callable[[str], Iterator[Span]]] = {
    ".css": _style_sheet,
    ".js": _script,
    ".mjs": _script,
    ".cjs": _script,
    ".svg": _drawing,
    ".webmanifest": _manifest,
}
