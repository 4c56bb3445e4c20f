"""`rewrite`, `uri`, `method`, and what `handle_path` takes off a path."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from clearway.fronts.road import Location

from . import placeholders, regex
from .request import Request
from .slashes import cleaned
from .url import query_escape, unescape

_URI = "{http.request.uri}"
_PARTS = re.compile(r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?", re.DOTALL)


@dataclass(frozen=True)
class Rewrite:
    """One rewrite; what is empty is not done. `substring` and `expression` are (find, replacement, how often)."""

    uri: str = ""
    method: str = ""
    strip_prefix: str = ""
    strip_suffix: str = ""
    substring: tuple[str, str, int] | None = None
    expression: tuple[str, str] | None = None
    location: Location | None = None
    name: str = ""

    def __call__(self, request: Request) -> bool:
        """Change the request; it goes on."""
        before = request.url.target
        self.change(request)
        if request.url.target != before:
            name = self.name or ("handle_path" if self.strip_prefix else "rewrite")
            request.step("rewrite", f"{name}: {before} becomes {request.url.target}", self.location)
        return False

    def change(self, request: Request) -> None:
        """What it does, without a word."""
        if self.method:
            request.method = request.all(self.method).upper()
        if self.uri:
            _to(request, self.uri)
        if self.strip_prefix:
            prefix = request.all(self.strip_prefix)
            _change_path(request, lambda path: _trimmed(cleaned(path, merges="//" not in prefix), prefix))
        if self.strip_suffix:
            suffix = request.all(self.strip_suffix)
            _change_path(
                request, lambda path: _trimmed(cleaned(path, merges="//" not in suffix)[::-1], suffix[::-1])[::-1]
            )
        if self.substring and self.substring[0]:
            self._replace(request, *self.substring)
        if self.expression:
            find, replacement = self.expression[0], request.all(self.expression[1])
            _change_path(request, lambda path: regex.replaced(find, path, replacement))

    def _replace(self, request: Request, find: str, replacement: str, most: int) -> None:
        find, merges = request.all(find), "//" not in find
        replacement, most = request.all(replacement), most or -1
        _change_path(request, lambda path: cleaned(path, merges=merges).replace(find, replacement, most))
        request.url.query = request.url.query.replace(find, replacement, most)


def _to(request: Request, uri: str) -> None:
    found = _PARTS.fullmatch(uri)
    assert found
    path, query = found["path"], found["query"]
    url = request.url
    whole = url.path + (f"?{url.query}" if url.query else "")
    filled = request.all(path.replace(_URI, whole))
    new, mark, injected = filled.partition("?")
    has_query = query is not None
    # the new query is only taken where the rewrite is written with one
    written = (query or "") or (injected if mark else "")
    new_query = _query(request, written) if written else ""
    if path:
        url.path = new
    if has_query:
        url.query = new_query


def _query(request: Request, text: str) -> str:
    """A query with its placeholders filled, each escaped; a whole query is escaped already."""
    out, is_value_done = "", True
    while text:
        end, mark = _next(text)
        part, is_done = text[:end], is_value_done

        def change(name: str, value: str, is_done: bool = is_done) -> str:
            return value if name == "http.request.uri.query" and is_done else query_escape(value)

        part = placeholders.filled(part, request.get, change=change)
        text = text[end + len(mark) :]
        if is_value_done:
            out += "&" if out and part else ""
        else:
            out += "="
        out += part
        is_value_done = mark == "&"
    return out


def _next(text: str) -> tuple[int, str]:
    """Where the next `=` or `&` is, and which; the end and nothing where there is none."""
    places = [(place, mark) for mark in "=&" if (place := text.find(mark)) >= 0]
    return min(places, default=(len(text), ""))


def _change_path(request: Request, change: Callable[[str], str]) -> None:
    """By its escaped form; where that can be decoded to something it is the path."""
    url = request.url
    url.raw = change(url.escaped)
    try:
        decoded = unescape(url.raw)
    except ValueError:
        decoded = ""
    url.path = decoded or change(url.path)
    if url.raw == url.path:
        url.raw = ""


def _trimmed(path: str, prefix: str) -> str:
    """Without the prefix, which is compared without case, and decoded where it has no escape itself."""
    at = place = 0
    while at < len(path) and place < len(prefix):
        character, width = path[at], 1
        if character == "%" and prefix[place] != "%" and len(path) >= at + 3:
            try:
                character, width = unescape(path[at : at + 3]), 3
            except ValueError:
                return path
        if character.lower() != prefix[place].lower():
            return path
        at, place = at + width, place + 1
    return path[at:] if at >= len(prefix) else path
