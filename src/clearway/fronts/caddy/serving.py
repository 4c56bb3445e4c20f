"""`file_server`: the file of a path, its index, or its encoded neighbour."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import quote

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.files import Entry, Kind
from clearway.fronts.road import Location
from clearway.fronts.unknowable import Unknowable

from . import types
from .compiling import Scope
from .conditions import checked
from .encoding import accepted
from .request import HandlerError, Request
from .routes import Handler
from .slashes import base, clean, extension, join, matches

_SUFFIXES = {"br": ".br", "gzip": ".gz", "zstd": ".zst"}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_AROUND_LINK = 37  # octets of the page that http.Redirect writes, beside the address
_PAGE = 10_000  # octets that every listing of a directory exceeds
_MISSING = frozenset({Kind.MISSING, Kind.PARENT_IS_FILE})


@dataclass(frozen=True)
class FileServer:
    """What `file_server { }` says."""

    location: Location
    root: str = "{http.vars.root}"
    hide: tuple[str, ...] = ()
    index: tuple[str, ...] = ("index.html", "index.txt")
    browses: bool = False
    precompressed: tuple[str, ...] = ()
    status: str = ""
    is_canonical: bool = True
    passes: bool = False

    def __call__(self, request: Request) -> bool:
        """Answer, or go on where a missing file is passed through. Raises HandlerError, Unknowable."""
        root = request.all(self.root, ".")
        path = join(root, request.url.path)
        entry = request.look(path)
        if not entry.exists:
            return self._absent(request, path, entry)
        hidden = tuple(self._hidden_names(request))
        is_index = False
        if entry.kind is Kind.DIRECTORY:
            found = self._index(request, path, hidden)
            if found:
                (path, entry), is_index = found, True
        if entry.kind is Kind.DIRECTORY:
            return self._directory(request, path, entry, hidden)
        if self._is_hidden(request, path, hidden):
            return self._missing(request, f"{path} is hidden")
        if self.is_canonical and self._redirects(request, path, is_index=is_index):
            return True
        self._serve(request, path, entry)
        return True

    # --- what is there

    def _absent(self, request: Request, path: str, entry: Entry) -> bool:
        if entry.kind in _MISSING:
            why = f" ({entry.reason})" if entry.reason else ""
            return self._missing(request, f"{path} does not exist{why}{_prefix_hint(request)}")
        status = 403 if entry.kind is Kind.DENIED_PARENT else 500
        layer = "permission" if status == 403 else "file"
        request.step(layer, f"{path} {entry.reason or entry.kind}: {status}", self.location, ok=False)
        raise HandlerError(status)

    def _index(self, request: Request, path: str, hidden: tuple[str, ...]) -> tuple[str, Entry] | None:
        for name in self.index:
            candidate = join(path, request.all(name))
            if not self._is_hidden(request, candidate, hidden):
                entry = request.look(candidate)
                if entry.exists:
                    return candidate, entry
        return None

    def _directory(self, request: Request, path: str, entry: Entry, hidden: tuple[str, ...]) -> bool:
        if not self.browses or self._is_hidden(request, path, hidden):
            return self._missing(request, f"{path} is a directory, and has none of {' '.join(self.index)}")
        original, now = request.original.path, request.url.path
        if (not now or base(original) == base(now)) and not original.endswith("/"):
            redirect(request, original + "/", self.location)
            return True
        if not entry.readable:
            request.step("permission", f"{path} cannot be listed: {entry.reason}: 403", self.location, ok=False)
            raise HandlerError(403)
        request.step("file", f"a listing of {path}", self.location)
        is_data = "application/json" in request.fields.get("accept", "").lower()
        request.headers.set("Content-Type", f"{'application/json' if is_data else 'text/html'}; charset=utf-8")
        request.answer(200, length=None if is_data else _PAGE)
        return True

    def _missing(self, request: Request, why: str) -> bool:
        if self.passes:
            request.step("file", f"{why}; it is passed on", self.location)
            return False
        request.step("file", f"{why}: 404", self.location, ok=False)
        raise HandlerError(404)

    # --- hiding

    def _hidden_names(self, request: Request) -> Iterable[str]:
        for name in self.hide:
            filled = request.all(name)
            yield clean(request.full(filled)) if "/" in filled else filled

    def _is_hidden(self, request: Request, path: str, hidden: tuple[str, ...]) -> bool:
        whole = clean(request.full(path))
        for name in hidden:
            if "/" not in name:
                if any(matches(name, part) for part in whole.split("/")):
                    return True
            elif whole.startswith(name) and whole[len(name) :].startswith("/"):
                return True
            if matches(name, whole):
                return True
        return False

    # --- answers

    def _redirects(self, request: Request, path: str, *, is_index: bool) -> bool:
        """The address of a directory ends with a slash, that of a file does not; not where the name was rewritten."""
        original = request.original.path
        if base(original) != base(request.url.path) or is_index == original.endswith("/"):
            return False
        redirect(request, original + "/" if is_index else original[:-1], self.location)
        return True

    def _serve(self, request: Request, path: str, entry: Entry) -> None:
        coding, name, shown = self._neighbour(request, path) or ("", path, entry)
        if not coding:
            self._opened(request, path, entry)
        else:
            request.headers.set("Content-Encoding", coding)
            request.headers.delete("Accept-Ranges")
            request.headers.add("Vary", "Accept-Encoding")
        request.step("file", f"{name}{f', as the client accepts {coding}' if coding else ''}", self.location)
        request.headers.set("Etag", f'"{_base36(shown.mtime)}{_base36(shown.size)}"')
        if not request.headers.first("Content-Type"):
            media = types.media_type(extension(path))
            request.headers.set("Content-Type", *([media] if media else []))
        given = self._given_status(request)
        if entry.mtime:
            request.headers.set("Last-Modified", formatdate(entry.mtime, usegmt=True))
        status, length = checked(request, entry.mtime, shown.size)
        request.answer(given or status, file=request.full(name) if status in {200, 206} else None, length=length)

    def _opened(self, request: Request, path: str, entry: Entry) -> None:
        if entry.kind is not Kind.FILE:
            raise Unknowable(f"{path} is no regular file.")
        if not entry.readable:
            request.step("permission", f"{path} cannot be read: {entry.reason}: 403", self.location, ok=False)
            raise HandlerError(403)

    def _neighbour(self, request: Request, path: str) -> tuple[str, str, Entry] | None:
        for coding in accepted(request, self.precompressed):
            if coding not in self.precompressed:
                continue
            name = path + _SUFFIXES[coding]
            entry = request.look(name)
            if not entry.exists or entry.kind is Kind.DIRECTORY:
                continue
            if entry.readable:
                return coding, name, entry
            request.step("file", f"{name} cannot be read, so another answers: {entry.reason}", self.location)
        return None

    def _given_status(self, request: Request) -> int:
        """That of the error that is being handled, or the one that is configured; 0 for neither."""
        status = request.error.status if request.error else 0
        if not self.status:
            return status
        filled = request.all(self.status)
        if not filled.isdecimal():
            raise HandlerError(500)
        return int(filled)


def _prefix_hint(request: Request) -> str:
    """What is wrong most often: the path still has the prefix that the root has too."""
    first = request.url.path.split("/")[1:2]
    root = request.variables.get("root", "")
    if first and first[0] and base(root) == first[0]:
        return f": root and path both have {first[0]}; handle_path takes it off the path"
    return ""


def _base36(number: int) -> str:
    if number < 0:
        return "-" + _base36(-number)
    out = ""
    while number or not out:
        number, digit = divmod(number, 36)
        out = _DIGITS[digit] + out
    return out


def redirect(request: Request, to: str, location: Location) -> None:
    """308 to a path of this host, as Go's http.Redirect writes it: cleaned, the rest percent-encoded."""
    to = "/" + to.lstrip("/") if to.startswith("//") else to
    if not any(ord(character) < 0x20 or ord(character) == 0x7F for character in to) and _is_parsable(to):
        path, mark, query = to.partition("?")
        if not path.startswith("/"):
            path = request.url.path.rpartition("/")[0] + "/" + path
        cleaned = clean(path)
        to = cleaned + ("/" if path.endswith("/") and not cleaned.endswith("/") else "") + mark + query
    ascii_only = "".join(each if ord(each) < 0x80 else quote(each, errors="surrogateescape").lower() for each in to)
    request.headers.set("Location", ascii_only)
    is_page = request.method in {"GET", "HEAD"}
    if "content-type" not in request.headers and is_page:
        request.headers.set("Content-Type", "text/html; charset=utf-8")
    request.step("redirect", f"308 to {ascii_only}", location)
    request.answer(308, length=len(ascii_only) + _AROUND_LINK if request.method == "GET" else 0)


def _is_parsable(url: str) -> bool:
    path = url.partition("#")[0].partition("?")[0]
    at = path.find("%")
    while at >= 0:
        if len(path) < at + 3 or not all(each in "0123456789abcdefABCDEF" for each in path[at + 1 : at + 3]):
            return False
        at = path.find("%", at + 1)
    return True


def make(directive: Directive, scope: Scope) -> Iterable[Handler]:
    """Of a directive; the files of the configuration are hidden. Raises ConfigurationError."""
    lines = {line.name: line for line in directive.block or ()}
    if directive.words and directive.words != ("browse",):
        raise ConfigurationError(f"file_server takes no {directive.words[0]!r}", directive.location)

    def words(name: str) -> tuple[str, ...]:
        return lines[name].words if name in lines else ()

    if "fs" in lines:
        raise ConfigurationError("another file system (fs) is not followed here", lines["fs"].location)
    for coding in words("precompressed"):
        if coding not in _SUFFIXES:
            raise ConfigurationError(f"precompressed: {coding} is not known", lines["precompressed"].location)
    server = FileServer(
        directive.location,
        root=next(iter(words("root")), FileServer.root),
        hide=(*words("hide"), *scope.hidden),
        index=words("index") or FileServer.index,
        browses=bool(directive.words) or "browse" in lines,
        precompressed=words("precompressed"),
        status=next(iter(words("status")), ""),
        is_canonical="disable_canonical_uris" not in lines,
        passes="pass_thru" in lines,
    )
    return (server,)
