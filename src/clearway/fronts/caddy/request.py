"""A request on its way through Caddy: what handlers have made of it, and the answer so far."""

import http
from collections.abc import Callable
from dataclasses import dataclass, field

from clearway.fronts.files import Entry, Files, Kind
from clearway.fronts.road import Location, Step, Visit
from clearway.fronts.unknowable import Unknowable

from . import placeholders, url
from .headers import Headers

Value = Callable[[str], str | None]


class HandlerError(Exception):
    """A handler ends with an error, which `handle_errors` may take up."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass
class Answer:
    """What Caddy writes: a status, header fields and the file that is the body, or the body's length.

    `length` is that of what is written in octets, None for what is not known; `text` is a body that is configured.
    """

    status: int
    headers: Headers
    file: str | None = None
    length: int | None = 0
    text: str = ""


@dataclass
class Handed:
    """Where a request is handed to."""

    upstream: str
    status: int | None = None


@dataclass
class Request:
    """A visit, and everything that handlers change."""

    visit: Visit
    files: Files
    directory: str
    steps: list[Step]
    url: url.Url
    is_tls: bool
    method: str = ""
    host: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    headers: Headers = field(default_factory=Headers)
    variables: dict[str, str] = field(default_factory=dict)
    static: dict[str, str] = field(default_factory=dict)
    providers: list[Value] = field(default_factory=list)
    groups: set[int] = field(default_factory=set)
    wrappers: list[Callable[[Answer], None]] = field(default_factory=list)
    error: HandlerError | None = None
    matcher_error: HandlerError | None = None
    ended: Answer | Handed | None = None
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.original = self.url.copy()
        self.original_target = self.visit.target
        self.method = self.visit.method
        self.fields = {name.lower(): value for name, value in self.visit.fields.items()}

    def step(self, layer: str, decision: str, location: Location | None = None, *, ok: bool = True) -> None:
        """Note a decision."""
        self.steps.append(Step(layer, decision, location, ok))

    def answer(self, status: int, *, file: str | None = None, length: int | None = 0, text: str = "") -> None:
        """The end: wrappers change what is written, the one nearest to the handler first."""
        answer = Answer(status, self.headers, file, length, text)
        for wrapper in reversed(self.wrappers):
            wrapper(answer)
        self.ended = answer

    def fail(self, error: HandlerError) -> None:
        """Begin again as an error: the request as it was, what handlers had wrapped forgotten."""
        self.url, self.method = self.original.copy(), self.visit.method
        self.wrappers.clear()
        self.error = error
        self.static |= {
            "http.error": str(error),
            "http.error.status_code": str(error.status),
            "http.error.status_text": _phrase(error.status),
            "http.error.message": error.message or _phrase(error.status),
        }

    def look(self, path: str) -> Entry:
        """What a path is for the worker. Raises Unknowable."""
        if "\0" in path:
            parent = self.look(path.partition("\0")[0].rpartition("/")[0] or "/")
            below_file = parent.kind in {Kind.FILE, Kind.PARENT_IS_FILE}  # Go looks for one after any other error
            return Entry(Kind.PARENT_IS_FILE if below_file else Kind.ERROR, reason="has a name with a null byte")
        entry = self.files.look(self.full(path))
        if entry.kind is Kind.UNKNOWN:
            raise Unknowable(entry.reason)
        return entry

    def full(self, path: str) -> str:
        """A path as the process completes it."""
        return path if path.startswith("/") else f"{self.directory.rstrip('/')}/{path.removeprefix('./')}"

    # --- placeholders

    def all(self, text: str, empty: str = "") -> str:
        """With all placeholders replaced."""
        return placeholders.filled(text, self.get, empty=empty)

    def known(self, text: str) -> str:
        """With those replaced that are known."""
        return placeholders.filled(text, self.get, keeps=True)

    def get(self, name: str) -> str | None:
        """The value of a placeholder; None where it is not known. Raises Unknowable."""
        if name.startswith("env."):
            return self.environ.get(name[4:], "")
        if name.startswith(("system.", "time.")):
            raise Unknowable(f"The value of {{{name}}} depends on the machine and the moment.")
        if name in self.static:
            return self.static[name]
        if name.startswith("http.") and (found := self._of_request(name)) is not None:
            return found
        return next((value for value in (provide(name) for provide in self.providers) if value is not None), None)

    def _of_request(self, name: str) -> str | None:
        for prefix, value in _FAMILIES:
            if name.startswith(prefix):
                return value(self, name[len(prefix) :])
        if name in _UNKNOWN:
            raise Unknowable(f"The value of {{{name}}} depends on the connection and the moment.")
        return _VALUES[name](self) if name in _VALUES else self._of_place(name)

    def _of_place(self, name: str) -> str | None:
        """Labels of the host from the right, parts of the path from the left."""
        if name.startswith("http.request.host.labels."):
            return _at(self.hostname.split(".")[::-1], name.rpartition(".")[2])
        if name.startswith("http.request.uri.path."):
            parts = self.url.path.split("/")
            return _at(parts[1:] if parts[0] == "" else parts, name.rpartition(".")[2])
        return None

    @property
    def hostname(self) -> str:
        """The Host without its port."""
        return _split_port(self.host)[0]


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def _at(parts: list[str], number: str) -> str | None:
    if not number.isdecimal():
        return None
    return parts[int(number)] if int(number) < len(parts) else ""


def _split_port(host: str) -> tuple[str, str]:
    if host.startswith("[") and "]" in host:
        name, _, port = host[1:].partition("]")
        return (name, port.removeprefix(":")) if port.startswith(":") else (host, "")
    name, _, port = host.rpartition(":")
    return (name, port) if host.count(":") == 1 else (host, "")


def _cookie(request: Request, name: str) -> str | None:
    for part in request.fields.get("cookie", "").split(";"):
        key, equals, value = part.strip().partition("=")
        if equals and key.lower() == name.lower():
            return value.strip('"')
    return None


def _split(path: str) -> tuple[str, str]:
    folder, slash, name = path.rpartition("/")
    return folder + slash, name


def _file(path: str, part: str) -> str:
    name = path.rstrip("/").rpartition("/")[2] or ("/" if path else ".")
    extension = path.rpartition("/")[2]
    extension = extension[extension.rfind(".") :] if "." in extension else ""
    return extension if part == "ext" else name.removesuffix(extension)


_FAMILIES: tuple[tuple[str, Callable[[Request, str], str | None]], ...] = (
    ("http.request.uri.query.", lambda request, name: ",".join(url.query_values(request.url.query)[0].get(name, []))),
    ("http.request.header.", lambda request, name: request.fields.get(name.lower(), "")),
    ("http.request.cookie.", _cookie),
    ("http.response.header.", lambda request, name: request.headers.joined(name)),
    ("http.vars.", lambda request, name: request.variables.get(name, "")),
    ("http.request.tls.", lambda request, name: _of_tls(request)),
)
_VALUES: dict[str, Callable[[Request], str]] = {
    "http.request.method": lambda request: request.method,
    "http.request.scheme": lambda request: "https" if request.is_tls else "http",
    "http.request.host": lambda request: request.hostname,
    "http.request.port": lambda request: _split_port(request.host)[1],
    "http.request.hostport": lambda request: request.host,
    "http.request.remote.host": lambda request: request.visit.client,
    "http.request.uri": lambda request: request.url.target,
    "http.request.uri.path": lambda request: request.url.path,
    "http.request.uri.path.file": lambda request: _split(request.url.path)[1],
    "http.request.uri.path.dir": lambda request: _split(request.url.path)[0],
    "http.request.uri.path.file.base": lambda request: _file(request.url.path, "base"),
    "http.request.uri.path.file.ext": lambda request: _file(request.url.path, "ext"),
    "http.request.uri.query": lambda request: request.url.query,
    "http.request.orig_method": lambda request: request.visit.method,
    "http.request.orig_uri": lambda request: request.original_target,
    "http.request.orig_uri.path": lambda request: request.original.path,
    "http.request.orig_uri.path.file": lambda request: _split(request.original.path)[1],
    "http.request.orig_uri.path.dir": lambda request: _split(request.original.path)[0],
    "http.request.orig_uri.query": lambda request: request.original.query,
}
_UNKNOWN = frozenset(
    {
        *("http.request.remote", "http.request.remote.port", "http.request.proto", "http.request.body"),
        *("http.request.duration", "http.request.duration_ms", "http.request.uuid", "http.shutting_down"),
    }
)


def _of_tls(request: Request) -> str | None:
    if request.is_tls:
        raise Unknowable("The answer depends on the TLS connection.")
    return None
