"""What a project needs of a front, as requests whose answers are predicted; nothing has to lie on the disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Generic, TypeVar

from clearway.fronts.files import Entry, Files, Kind, Link
from clearway.fronts.road import Road, Step
from clearway.fronts.site import Place, Site
from clearway.http.lifetime import lifetime

_NAME = "clearway-check"
_HASHED = f"{_NAME}.0123456789ab"
_DAY, _HOUR = 86_400, 3_600
LARGE = 32 * 1024 * 1024  # octets of an upload, where Django has no limit
_SCRIPTS = ("text/javascript", "application/javascript")

C_contra = TypeVar("C_contra", contravariant=True)  # a configuration


@dataclass(frozen=True)
class Need(Generic[C_contra]):
    """One request, and what is wrong with its road through a configuration; empty where nothing is."""

    about: str
    target: str
    wrong: Callable[[C_contra, Road], str]
    method: str = "GET"
    length: int = 0


class Pretended:
    """A disk on which some files are said to lie."""

    def __init__(self, real: Files, files: frozenset[str]) -> None:
        self._real, self._files = real, files
        self._directories = frozenset(str(parent) for file in files for parent in PurePosixPath(file).parents)

    def look(self, path: str) -> Entry:
        """As the real disk, but for the files that are said to lie there."""
        plain = normpath(path)
        if plain in self._files and not path.endswith("/"):
            return Entry(Kind.FILE, True, 100, 1_700_000_000)
        return Entry(Kind.DIRECTORY, True) if plain in self._directories else self._real.look(path)

    def links(self, path: str) -> tuple[Link, ...]:
        """None below what is said to lie there."""
        return ()


def pretended_files(site: Site) -> frozenset[str]:
    """The files that the needs ask for."""
    names = [f"{_NAME}.css", f"{_HASHED}.css", f"{_NAME}.mjs", ".clearway/current", "staticfiles.json"]
    static = [_join(site.static, name) for name in names] if site.static else []
    secret = [str(PurePosixPath(place.root).parent / _NAME) for place in (site.static, site.media) if place]
    media = [_join(site.media, f"{_NAME}.html"), _join(site.media, f"{_NAME}.png")] if site.media else []
    return frozenset([*static, *secret, *media])


def needs(site: Site) -> Iterator[Need[object]]:
    """In the order of their weight: what does not arrive comes before how long it is kept."""
    if site.static:
        yield from _static(site, site.static)
    if site.media:
        yield from _media(site, site.media)
    yield Need("the address of the page", "/", _reaches_application)
    yield Need("uploads", "/", _not_too_large, "POST", site.upload or LARGE)


def _static(site: Site, place: Place) -> Iterator[Need[object]]:
    css, hashed, mjs = f"{_NAME}.css", f"{_HASHED}.css", f"{_NAME}.mjs"
    yield Need("static", place.prefix + css, lambda _, road: _arrives(road, place, css, "text/css", serves=site.serves))
    yield Need(
        "static", place.prefix + hashed, lambda _, road: _arrives(road, place, hashed, "text/css", serves=site.serves)
    )
    for name in (".clearway/current", "staticfiles.json"):
        yield Need("hidden", place.prefix + name, _is_hidden)
    yield Need("traversal", f"{place.prefix[:-1]}../{_NAME}", _is_hidden)
    yield Need("types", place.prefix + mjs, lambda _, road: _arrives(road, place, mjs, *_SCRIPTS, serves=site.serves))
    yield Need("missing", f"{place.prefix}{_NAME}-missing.css", _is_missing)
    if site.max_age is not None:
        yield Need("changing", place.prefix + css, _is_short)
    yield Need("unchanging", place.prefix + hashed, _is_long)


def _media(site: Site, place: Place) -> Iterator[Need[object]]:
    html = f"{_NAME}.html"
    yield Need("media", place.prefix + html, lambda _, road: _arrives(road, place, html, serves=site.serves_media))
    yield Need("traversal", f"{place.prefix[:-1]}../{_NAME}", _is_hidden)
    yield Need("documents", place.prefix + html, _is_harmless)


# --- what is wrong


def _arrives(road: Road, place: Place, name: str, *types: str, serves: bool) -> str:
    outcome = road.outcome
    if outcome.by == "application":
        handed = "the application gets this request"
        return "" if serves else f"{handed}, which serves no such files"
    if outcome.status != 200:
        return _reason(road)
    if outcome.file != _join(place, name):
        return f"{outcome.file} is answered, and {_join(place, name)} is due"
    type_ = (outcome.type or "").partition(";")[0]
    return f"sent as {type_}, which browsers refuse" if types and type_ not in types else ""


def _reason(road: Road) -> str:
    steps: list[Step] = [step for step in road.steps if not step.ok] or list(road.steps)
    return steps[-1].decision if steps else "no reason is known"


def _is_hidden(_: object, road: Road) -> str:
    outcome = road.outcome
    return f"{outcome.file} is answered to everybody" if outcome.by != "application" and outcome.status == 200 else ""


def _is_missing(_: object, road: Road) -> str:
    outcome = road.outcome
    if outcome.by == "application":
        return ""
    if outcome.status != 404:
        return f"a file that is not there is answered with {outcome.status} {outcome.type or ''}".rstrip()
    kept = lifetime(outcome.headers)
    return f"a 404 may be kept for {kept} s" if kept else ""


def _is_short(_: object, road: Road) -> str:
    kept = lifetime(road.outcome.headers)
    changes = "a name without a hash, which changes at a release, may be kept"
    return f"{changes} for {kept} s" if road.outcome.by != "application" and kept > _HOUR else ""


def _is_long(_: object, road: Road) -> str:
    asked = "a name with a hash never changes, and browsers ask for it again"
    return asked if road.outcome.by != "application" and lifetime(road.outcome.headers) < _DAY else ""


def _is_harmless(_: object, road: Road) -> str:
    headers = road.outcome.headers
    if road.outcome.by == "application" or road.outcome.status != 200:
        return ""
    is_download = headers.get("content-disposition", "").startswith("attachment")
    if not is_download and "sandbox" not in headers.get("content-security-policy", ""):
        return "a user's HTML is a page of this site, with its cookies"
    return "" if "nosniff" in headers.get("x-content-type-options", "") else "browsers may guess another type (nosniff)"


def _reaches_application(_: object, road: Road) -> str:
    outcome = road.outcome
    is_redirect = outcome.status in {301, 302, 307, 308}
    return "" if outcome.by == "application" or is_redirect else f"the application is not asked: {_reason(road)}"


def _not_too_large(_: object, road: Road) -> str:
    return "an upload that Django takes is refused with 413" if road.outcome.status == 413 else ""


def _join(place: Place, name: str) -> str:
    return f"{place.root.rstrip('/')}/{name}"
