"""From the URL of a reference to the logical name it means, and back to a URL of the same shape."""

import re
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename, dirname, normpath, relpath
from urllib.parse import quote, unquote, urlsplit

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PATH = re.compile(r"[^?#]*")
_DOUBLED_SLASH = re.compile(r"[^:/]//|///")  # no server that compares names would find it
_IGNORED = " \t\n\r\f"  # around a URL (WHATWG URL §4.4)
_SAFE = "!$&*+,;=@~"  # neither a quote, a bracket nor a colon: safe in url(), in strings and as a first segment


@dataclass(frozen=True)
class Urls:
    """The URLs of one site, whose static files lie below `static_url` (a path or a whole URL, `/` at its end)."""

    static_url: str

    @cached_property
    def _base(self) -> str:
        return unquote(urlsplit(self.static_url).path, errors="surrogateescape") or "/"

    def target(self, url: str, referrer: str) -> str | None:
        """The logical name that `url` means inside the source `referrer`; None when it is not a static file's.

        A relative URL that leads out of `static_url` gives its absolute path, which is no logical name.
        """
        path = _path(url)
        if not path or basename(path) in ("", ".", ".."):
            return None
        if path.startswith(self.static_url) and self.static_url != "/":
            return normpath(_decoded(path.removeprefix(self.static_url)))
        if _SCHEME.match(path) or path.startswith("//"):
            return None
        place = _decoded(path)
        if path.startswith("/") and not place.startswith(self._base):
            return None
        joined = normpath(place if path.startswith("/") else f"{self._base}{dirname(referrer)}/{place}")
        return joined.removeprefix(self._base) if joined.startswith(self._base) else joined

    def may_be_dynamic(self, url: str) -> bool:
        """Whether a path that is no static file's may be a page's: STATIC_URL is the root of the site."""
        return self._base == "/" and _path(url).startswith("/")

    def replaced(self, url: str, published: str, referrer: str) -> str:
        """`url` with the published name for its last segment; query, fragment and shape stay as they are."""
        path = _path(url)
        tail = url.strip(_IGNORED)[len(path) :]
        head, slash, _ = path.rpartition("/")
        same_shape = f"{head}{slash}{quote(basename(published), _SAFE, errors='surrogateescape')}"
        resolves = self.target(same_shape, referrer) == published and not _DOUBLED_SLASH.search(head)
        return (same_shape if resolves else self._plain(path, published, referrer)) + tail

    def _plain(self, path: str, published: str, referrer: str) -> str:
        is_absolute = path.startswith("/") or _SCHEME.match(path)
        place = published if is_absolute else relpath(published, dirname(referrer) or ".")
        return (self.static_url if is_absolute else "") + quote(place, _SAFE + "/", errors="surrogateescape")


def _path(url: str) -> str:
    return _PATH.match(url.strip(_IGNORED))[0]  # type: ignore[index]


def _decoded(path: str) -> str:
    return unquote(path, errors="surrogateescape")
