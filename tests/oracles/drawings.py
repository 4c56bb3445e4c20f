"""expat as a second opinion on SVG: its elements and attributes, by what SVG says of URLs; tinycss2 for the styles."""

from collections.abc import Iterator
from xml.parsers import expat

import tinycss2
from tests.oracles.style_sheets import urls_in

DRAWN = {"cursor", "feImage", "font-face-uri", "image", "script", "tref", "use"}
APPLIED = {"filter", "linearGradient", "mpath", "pattern", "radialGradient", "textPath"}
STYLED = {
    *("clip-path", "cursor", "fill", "filter", "mask", "stroke", "style"),
    *("marker", "marker-end", "marker-mid", "marker-start"),
}


def expected(data: bytes) -> list[str] | None:
    """The URLs of an SVG, in order; None where expat refuses it."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError:
        return None
    return [url for url in reader.urls if url.strip() and not url.strip().startswith(("#", "data:"))]


class _Reader:
    def __init__(self) -> None:
        self.urls: list[str] = []
        self._styles: list[list[str]] = []
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.ProcessingInstructionHandler = self._instruction

    def _start(self, name: str, attributes: list[str]) -> None:
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            if _local(name) in DRAWN | APPLIED and _local(key) == "href":
                self.urls.append(value)
            elif key in STYLED:
                self.urls += _declared(value)
        if _local(name) == "style":
            self._styles.append([])

    def _end(self, name: str) -> None:
        if _local(name) == "style":
            self.urls += _declared("".join(self._styles.pop()))

    def _text(self, text: str) -> None:
        if self._styles:
            self._styles[-1].append(text)

    def _instruction(self, name: str, text: str) -> None:
        if name == "xml-stylesheet":
            parser = expat.ParserCreate()
            parser.StartElementHandler = lambda _, pairs: self.urls.append(pairs.get("href", ""))
            parser.Parse(f"<a {text}/>", True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _declared(css: str) -> Iterator[str]:
    return (token.value for token, _ in urls_in(tinycss2.parse_component_value_list(css), ""))
