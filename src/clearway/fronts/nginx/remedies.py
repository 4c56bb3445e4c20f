"""Small changes to a configuration that may give a project what it needs; which of them does is tried."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clearway.fronts.directive import Directive
from clearway.fronts.needs import LARGE, Need
from clearway.fronts.road import Location, Road
from clearway.fronts.site import Place, Site
from clearway.fronts.texts import Texts, walk
from clearway.policy.media import CONTENT_POLICY

from . import forwarded
from .quoting import word
from .reading import Configuration

_HASHED = r'"[.][0-9a-f]{12}([.][^./]+)?$"'
_FOREVER = 'add_header Cache-Control "public, max-age=31536000, immutable";'
_LIFETIME = r"\bexpires\s+[^;]+;"
_NEVER = f'add_header Content-Security-Policy "{CONTENT_POLICY}" always;'
_SCRIPTS = "types { text/javascript mjs; application/json map; application/manifest+json webmanifest; }"
_USUAL = [
    "text/css css;",
    "text/html html;",
    "text/javascript js mjs;",
    "application/json json map;",
    "application/manifest+json webmanifest;",
    "font/woff2 woff2;",
    "image/avif avif;",
    "image/gif gif;",
    "image/jpeg jpg jpeg;",
    "image/png png;",
    "image/svg+xml svg;",
    "image/webp webp;",
    "image/x-icon ico;",
]


@dataclass(frozen=True)
class Case:
    """A need that is not met: its road through the configuration as it is now."""

    site: Site
    need: Need[Configuration]
    road: Road
    configuration: Configuration
    texts: Texts

    @property
    def server(self) -> Directive | None:
        return self._taken("server")

    @property
    def location(self) -> Directive | None:
        """The one that decides."""
        return self._taken("location")

    def _taken(self, name: str) -> Directive | None:
        places = [step.location for step in self.road.steps if step.layer == name and step.location]
        known = {
            (each.location.file, each.location.line): each
            for each in walk(self.configuration.directives)
            if each.name == name
        }
        found = [known[key] for place in places if (key := (place.file, place.line)) in known]
        return found[-1] if found else None

    def of_prefix(self, prefix: str) -> Directive | None:
        """The location of a prefix on the server's own level, with its slash at the end or without."""
        bare = prefix.rstrip("/")
        inside = self.server.all("location") if self.server else ()
        return next(
            (
                each
                for each in inside
                if each.words and each.words[-1].rstrip("/") == bare and each.words[0] not in "=~*"
            ),
            None,
        )


def remedies(case: Case) -> Iterator[Texts | None]:
    """What may help, the smallest change first."""
    return _BY_NEED[case.need.about](case)


def _static(case: Case) -> Iterator[Texts | None]:
    assert case.site.static
    yield from _place(case, case.site.static, _static_block(case.site.static))
    yield from _types(case)


def _media(case: Case) -> Iterator[Texts | None]:
    assert case.site.media
    yield from _place(case, case.site.media, _media_block(case.site.media))


def _place(case: Case, place: Place, block: list[str]) -> Iterator[Texts | None]:
    """A location for a directory: made stronger, its slashes repaired, its directory corrected, or written."""
    own = case.of_prefix(place.prefix)
    if own:
        alias, root = own.last("alias"), own.last("root")
        right = f"alias {word(place.root.rstrip('/') + '/')};"
        for head in (None, place.prefix, f"^~ {place.prefix}"):
            for directive, pattern in ((None, ""), (alias, r"\balias\s+[^;]+;"), (root, r"\broot\s+[^;]+;")):
                yield _both(case, own, head, directive, pattern, right)
        if not (alias or root):
            yield case.texts.inside(own.location, [right])
    elif case.server:
        yield _before_locations(case, block)


def _both(
    case: Case, own: Directive, head: str | None, directive: Directive | None, pattern: str, right: str
) -> Texts | None:
    texts: Texts | None = case.texts
    if head:
        written = r"\blocation\s+(?:\^~\s*)?[\"']?" + re.escape(own.words[-1]) + r"[\"']?\s*\{"
        texts = case.texts.substituted(own.location, written, f"location {head} {{")
    if texts and directive:
        texts = texts.substituted(directive.location, pattern, right)
    return None if texts is case.texts else texts


def _before_locations(case: Case, block: list[str]) -> Texts | None:
    server = case.server
    assert server
    last = server.last("server_name") or server.last("listen")
    return case.texts.after(last.location, ["", *block]) if last else case.texts.inside(server.location, [*block, ""])


def _static_block(place: Place) -> list[str]:
    return [
        f"location ^~ {word(place.prefix)} {{",
        f"    alias {word(place.root.rstrip('/') + '/')};",
        *(f"    {line}" for line in [*_unchanging([]), *_hidden(place)]),
        "}",
    ]


def _media_block(place: Place) -> list[str]:
    return [
        f"location ^~ {word(place.prefix)} {{",
        f"    alias {word(place.root.rstrip('/') + '/')};",
        f"    {_NEVER}",
        "    add_header X-Content-Type-Options nosniff always;",
        "}",
    ]


def _hidden(place: Place) -> list[str]:
    return [
        'location ~ "/[.]" { return 404; }',
        f"location = {word(place.prefix + 'staticfiles.json')} {{ return 404; }}",
    ]


def _hide(case: Case) -> Iterator[Texts | None]:
    assert case.site.static
    own, lines = case.of_prefix(case.site.static.prefix), _hidden(case.site.static)
    for location in (own, case.location):
        for some in (lines[:1], lines[1:], lines) if location else ():
            yield case.texts.inside(location.location, some) if location else None


def _slash(case: Case) -> Iterator[Texts | None]:
    for place in (case.site.static, case.site.media):
        if place and case.need.target.startswith(f"{place.prefix[:-1]}../"):
            yield from _place(case, place, [])


def _types(case: Case) -> Iterator[Texts | None]:
    for place in case.texts.grep(r"^[^#]*\binclude\s+\S*mime\.types[\"']?\s*;"):
        yield case.texts.after(place, [_SCRIPTS])
    for each in walk(case.configuration.directives):
        if each.name == "types" and each.block and not each.location.file.endswith("mime.types"):
            yield case.texts.substituted(each.location, r"\s*\btypes\s*\{[^{}]*\}", "")
            yield case.texts.substituted(each.location, r"\btypes\s*\{", "types { text/javascript mjs;")
            yield case.texts.inside(each.location, ["text/javascript mjs;"])
            yield case.texts.inside(each.location, _USUAL)
        elif each.name == "http":
            yield from _shipped(case, each)
            yield case.texts.inside(each.location, ["types {", *(f"    {line}" for line in _USUAL), "}"])


def _shipped(case: Case, http: Directive) -> Iterator[Texts | None]:
    """The table that nginx ships beside its main file."""
    texts = case.texts.with_file(str(Path(next(iter(case.texts.files))).with_name("mime.types")))
    if texts:
        yield texts.inside(http.location, ["include mime.types;", _SCRIPTS])


def _missing(case: Case) -> Iterator[Texts | None]:
    for location in _levels(case):
        for each in location.all("add_header"):
            if each.words[:1] == ("Cache-Control",):
                yield case.texts.substituted(each.location, r"\s+always\s*;", ";")
        for each in location.all("try_files"):
            yield case.texts.substituted(each.location, r"\S+\s*;", "=404;")
    yield from _static(case)


def _changing(case: Case) -> Iterator[Texts | None]:
    """A lifetime moves to the names with a hash."""
    for level in _levels(case):
        for each in level.all("expires"):
            moved = f"location ~ {_HASHED} {{ {_written(case, each.location, _LIFETIME)} }}"
            yield case.texts.substituted(each.location, _LIFETIME, moved)
            yield case.texts.substituted(each.location, r"\s*\bexpires\s+[^;]+;", "")
        for each in level.all("add_header"):
            if each.words[:1] == ("Cache-Control",):
                pattern = r"\badd_header\s+[\"']?Cache-Control[\"']?\s+(?:\"[^\"]*\"|'[^']*'|[^;\s]+)(?:\s+always)?\s*;"
                others = [_written(case, one.location, r"\badd_header\s+[^;]+;") for one in level.all("add_header")]
                yield case.texts.substituted(each.location, pattern, f"location ~ {_HASHED} {{ {' '.join(others)} }}")
                yield case.texts.substituted(each.location, pattern, 'add_header Cache-Control "public, max-age=60";')


def _longer(case: Case) -> Iterator[Texts | None]:
    for level in _levels(case):
        others = [_written(case, each.location, r"\badd_header\s+[^;]+;") for each in level.all("add_header")]
        kept = [other for other in dict.fromkeys(others) if other and "Cache-Control" not in other]
        yield case.texts.inside(level.location, _unchanging(kept))


def _unchanging(others: list[str]) -> list[str]:
    return [f"location ~ {_HASHED} {{ {' '.join([_FOREVER, *others])} }}"]


def _harmless(case: Case) -> Iterator[Texts | None]:
    for level in _levels(case):
        yield case.texts.inside(level.location, ["add_header X-Content-Type-Options nosniff always;"])
        yield case.texts.inside(level.location, [_NEVER, "add_header X-Content-Type-Options nosniff always;"])


def _larger(case: Case) -> Iterator[Texts | None]:
    size = f"client_max_body_size {case.site.upload or LARGE};"
    for each in walk(case.configuration.directives):
        if each.name == "client_max_body_size":
            yield case.texts.substituted(each.location, r"\bclient_max_body_size\s+[^;]+;", size)
    if case.server:
        last = case.server.last("server_name") or case.server.last("listen")
        yield case.texts.after(last.location, [size]) if last else case.texts.inside(case.server.location, [size])


def _forwarded(case: Case) -> Iterator[Texts | None]:
    """All fields that are not there yet, where the request is handed on."""
    for level in forwarded.proxying(case.configuration, case.road)[:1]:
        own = {each.words[0].lower() for each in level.all("proxy_set_header")}
        told = [(field, value) for field, value in forwarded.fields(case.site) if field.lower() not in own]
        lines = [f"proxy_set_header {field} {value};" for field, value in told]
        yield case.texts.inside(level.location, lines)
        for each in level.all("proxy_set_header"):
            pattern = r"\bproxy_set_header\s+[^;]+;"
            value = dict(forwarded.fields(case.site)).get(each.words[0], "")
            yield case.texts.substituted(
                each.location, pattern, f"proxy_set_header {each.words[0]} {value};" if value else ""
            )


def _nothing(case: Case) -> Iterator[Texts | None]:
    yield None


def _levels(case: Case) -> Iterator[Directive]:
    """The location that decides, then what is around it on its server."""
    if case.location:
        yield case.location
    if case.server:
        yield case.server


def _written(case: Case, at: Location, pattern: str) -> str:
    """A directive as it stands in the file."""
    found = re.search(pattern, case.texts.files[at.file][at.line - 1])
    return found[0] if found else ""


_BY_NEED: dict[str, Callable[[Case], Iterator[Texts | None]]] = {
    "static": _static,
    "hidden": _hide,
    "traversal": _slash,
    "types": _types,
    "missing": _missing,
    "changing": _changing,
    "unchanging": _longer,
    "media": _media,
    "documents": _harmless,
    "forwarded": _forwarded,
    "uploads": _larger,
    "the address of the page": _nothing,
}
