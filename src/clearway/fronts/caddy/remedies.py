"""Small changes to a Caddyfile that may give a project what it needs; which of them does is tried."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from clearway.fronts.directive import Directive
from clearway.fronts.needs import Need
from clearway.fronts.road import Location, Road
from clearway.fronts.site import Place, Site
from clearway.fronts.texts import Texts
from clearway.http.header_rules import FOREVER
from clearway.policy.media import CONTENT_POLICY

from .editing import directives
from .quoting import pattern, quoted, raw, word
from .reading import Configuration
from .writing import HASHED

_HIDDEN = r"(?:^|/)\.|/staticfiles\.json$"
_UNCHANGING = f"@clearway_unchanging path_regexp {raw(HASHED)}"
_KEEPING = [
    _UNCHANGING,
    *("header @clearway_unchanging {", f"\tCache-Control {quoted(FOREVER)}", "\tdefer", "}"),
]
_HIDING = [f"@clearway_hidden path_regexp {raw(_HIDDEN)}", "error @clearway_hidden 404"]
_PRIVATE = [
    f'header Content-Security-Policy "{CONTENT_POLICY}"',
    "header X-Content-Type-Options nosniff",
]
_BLOCKS = ("handle", "handle_path", "route")


@dataclass(frozen=True)
class Case:
    """A need that is not met: its road through the configuration as it is now."""

    site: Site
    need: Need[Configuration]
    road: Road
    configuration: Configuration
    texts: Texts

    @property
    def entered(self) -> list[Directive]:
        """Blocks that the road goes through, the innermost first."""
        places = {step.location for step in self.road.steps if step.layer == "handle"}
        return [each for each in directives(self.configuration) if each.location in places and each.name in _BLOCKS][
            ::-1
        ]

    @property
    def own(self) -> list[Directive]:
        """Blocks for the path of the need."""
        prefix = self.place.prefix.rstrip("/") if self.place else ""
        found = (each for each in directives(self.configuration) if each.name in _BLOCKS and each.words)
        return [each for each in found if each.words[0].rstrip("*/") == prefix]

    @property
    def place(self) -> Place | None:
        return self.site.media if self.need.about in {"media", "documents"} else self.site.static

    @property
    def opening(self) -> Location | None:
        """The line of the site."""
        return next((step.location for step in self.road.steps if step.layer == "server"), None)


def remedies(case: Case) -> Iterator[Texts | None]:
    """What may help, the smallest change first."""
    for found in _BY_NEED[case.need.about](case):
        yield found if isinstance(found, Texts) else None


def _served(case: Case) -> Iterator[Texts | None]:
    """A block for the directory: repaired, or written."""
    place = case.place
    assert place
    root = f"root * {word(place.root)}"
    for block in case.own:
        written = r"\bhandle(?:_path)?\s+\S+"
        taken = case.texts.substituted(block.location, written, f"handle_path {pattern(place.prefix)}")
        inner = {each.name: each for each in block.block or ()}
        for texts in (case.texts, taken):
            if texts is None:
                continue
            yield texts
            lines = [line for name, line in (("root", root), ("file_server", "file_server")) if name not in inner]
            changed: Texts | None = texts
            if "root" in inner:
                changed = texts.substituted(inner["root"].location, r"\broot\b.*", root)
                yield changed
            yield (changed or texts).inside(block.location, lines) if lines else None
    if not case.own and case.opening:
        rules = _PRIVATE if place is case.site.media else [*_HIDING, *_KEEPING]
        inside = [f"\t{line}" for line in (root, *rules, "file_server")]
        yield case.texts.inside(case.opening, [f"handle_path {pattern(place.prefix)} {{", *inside, "}"])


def _hidden(case: Case) -> Iterator[Texts | None]:
    return _within(case, _HIDING)


def _unchanging(case: Case) -> Iterator[Texts | None]:
    return _within(case, _KEEPING)


def _harmless(case: Case) -> Iterator[Texts | None]:
    yield from _within(case, _PRIVATE[1:])
    yield from _within(case, _PRIVATE)


def _changing(case: Case) -> Iterator[Texts | None]:
    """A lifetime moves to the names with a hash."""
    for each in _lifetimes(case):
        moved = case.texts.substituted(each.location, r"\bheader\s+(?:\*\s+)?", "header @clearway_unchanging ")
        for block in case.entered if moved else ():
            yield moved.inside(block.location, [_UNCHANGING]) if moved else None
        if moved and case.opening:
            yield moved.inside(case.opening, [_UNCHANGING])
        yield case.texts.substituted(each.location, r"\?*\bCache-Control\b.*", 'Cache-Control "public, max-age=60"')


def _missing(case: Case) -> Iterator[Texts | None]:
    """A lifetime that is set when the answer is written is not set on errors."""
    for each in _lifetimes(case):
        if each.block is None:
            opened = case.texts.substituted(each.location, r"\s*$", " {")
            yield opened.after(each.location, ["\tdefer", "}"]) if opened else None
        else:
            yield case.texts.inside(each.location, ["defer"])
    yield from _served(case)


def _lifetimes(case: Case) -> list[Directive]:
    """Where `header` sets Cache-Control on the road."""
    places = {step.location for step in case.road.steps if step.layer == "header"}
    found = (each for each in directives(case.configuration) if each.location in places)
    return [each for each in found if re.search("cache-control", _said(each), re.IGNORECASE)]


def _said(directive: Directive) -> str:
    return " ".join([*directive.words, *(each.name for each in directive.block or ())])


def _larger(case: Case) -> Iterator[Texts | None]:
    for each in directives(case.configuration):
        if each.name == "max_size":
            yield case.texts.substituted(each.location, r"\bmax_size\s+.*", f"max_size {case.site.upload}")


def _within(case: Case, lines: Iterable[str]) -> Iterator[Texts | None]:
    """Lines in the block that decides, else in the site."""
    own = list(lines)
    for block in case.entered[:1]:
        yield case.texts.inside(block.location, own)
    if not case.entered and case.opening:
        yield case.texts.inside(case.opening, own)


def _nothing(_: Case) -> Iterator[Texts | None]:
    yield None


_BY_NEED: dict[str, Callable[[Case], Iterator[Texts | None]]] = {
    "static": _served,
    "media": _served,
    "traversal": _nothing,
    "hidden": _hidden,
    "types": _served,
    "missing": _missing,
    "changing": _changing,
    "unchanging": _unchanging,
    "documents": _harmless,
    "uploads": _larger,
    "the address of the page": _nothing,
}
