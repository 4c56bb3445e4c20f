"""`reverse_proxy`, `php_fastcgi` and `forward_auth`: what is handed to another server."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from clearway.fronts.directive import Directive
from clearway.fronts.road import Location
from clearway.fronts.unknowable import Unknowable

from .answering import wrong
from .compiling import Scope
from .file_matching import FileMatcher
from .matchers import Matcher, of_path
from .path_matching import is_path
from .request import Handed, HandlerError, Request
from .rewriting import Rewrite
from .routes import Handler, Route, run

_PORTS = {"http": "80", "https": "443", "h2c": "80", "": "80"}
_PHP = frozenset({"root", "split", "env", "index", "try_files", "resolve_root_symlink", "capture_stderr"})


@dataclass(frozen=True)
class Proxy:
    """The upstreams as they are dialled, and what changes on the way."""

    upstreams: tuple[str, ...]
    scheme: str
    location: Location
    rewrite: Rewrite
    status: str = ""
    takes_up: bool = False

    def __call__(self, request: Request) -> bool:
        """The end, for this front. Raises HandlerError, Unknowable."""
        self._measured(request)
        if not self.upstreams:
            raise Unknowable("The upstreams are found out at the time of the request.")
        before = request.url.copy(), request.method
        self.rewrite.change(request)
        target = request.url.target
        request.url, request.method = before
        address = request.all(self.upstreams[0])
        others = f" or {len(self.upstreams) - 1} more" if len(self.upstreams) > 1 else ""
        shown = f"{self.scheme}://{address}{':' if address.startswith('unix:') else ''}{target}"
        request.step("proxy", f"{shown}{others}", self.location)
        if self.takes_up:
            request.step("proxy", "handle_response may take up what it answers", self.location)
        status = int(self.status) if self.status.isdecimal() else None
        request.ended = Handed(shown, None if self.takes_up else status)
        return True

    def _measured(self, request: Request) -> None:
        limit, length = request.static.get("clearway.limit", ""), request.fields.get("content-length", "")
        if limit and length.isdecimal() and int(length) > int(limit):
            request.step("access", f"the body is larger than request_body allows: {limit}", self.location, ok=False)
            raise HandlerError(413, "http: request body too large")


def reverse_proxy(directive: Directive, _: Scope) -> Iterable[Handler]:
    return (_proxy(directive, "http"),)


def _proxy(directive: Directive, scheme: str) -> Proxy:
    lines = directive.block or ()
    written = [*directive.words, *(word for line in lines if line.name == "to" for word in line.words)]
    words = {line.name: line.words for line in lines}
    replaced = [line.words for line in lines if line.name == "replace_status"]
    rewrite = Rewrite(next(iter(words.get("rewrite", ())), ""), next(iter(words.get("method", ())), ""))
    found = {each.partition("://")[0] for each in written if "://" in each}
    has_tls = any(
        line.name.startswith("tls") for each in lines if each.name == "transport" for line in each.block or ()
    )
    if len(found) > 1:
        raise wrong(directive, "has upstreams of several schemes")
    transport = words.get("transport", ("",))[0]
    scheme = "fastcgi" if transport == "fastcgi" else "https" if has_tls else next(iter(found), scheme)
    takes_up = any(line.name == "handle_response" for line in lines) or any(len(each) == 2 for each in replaced)
    status = replaced[0][0] if replaced and len(replaced[0]) == 1 else ""
    upstreams = tuple(_dialled(directive, each) for each in written)
    return Proxy(upstreams, scheme, directive.location, rewrite, status, takes_up)


def _dialled(directive: Directive, written: str) -> str:
    """Host and port, or `unix:` and a path."""
    scheme, mark, address = written.partition("://")
    if not mark:
        scheme, address = "", written
    elif address.count("/"):
        raise wrong(directive, f"takes no path in the address of an upstream: {written}")
    network, slash, rest = address.partition("/")
    if slash and network.lower().startswith("unix"):
        return f"unix:{rest if rest.startswith('/') else '/' + rest}" if rest else written
    if slash:
        address = rest
    host, colon, port = address.rpartition(":") if not address.endswith("]") else (address, "", "")
    if not colon:
        return address if "{" in address else f"{address}:{_PORTS.get(scheme, '80')}"
    return f"{host}:{port or _PORTS.get(scheme, '80')}"


def forward_auth(directive: Directive, _: Scope) -> Iterable[Handler]:
    def handler(request: Request) -> bool:
        request.step("access", f"forward_auth asks {' '.join(directive.words)}", directive.location)
        raise Unknowable("Another server decides who may see this.")

    return (handler,)


def php_fastcgi(directive: Directive, _: Scope) -> Iterable[Handler]:
    """A redirect to the address of a directory, a rewrite to the index, and the upstream for what ends in .php."""
    words = {line.name: line.words for line in directive.block or () if line.name in _PHP}
    index = next(iter(words.get("index", ())), "index.php")
    split = words.get("split") or (".php",)
    path = "{http.request.uri.path}"
    names = words.get("try_files") or (path, f"{path}/{index}", index)
    proxied = replace(directive, block=tuple(line for line in directive.block or () if line.name not in _PHP))
    place = directive.location
    patterns = tuple("*" + each for each in split)
    routes: tuple[Route, ...] = ()
    if index != "off":
        of_index = FileMatcher((f"{path}/{index}",), location=place)
        no_slash = Matcher("*/", (lambda request: not is_path(request, ("*/",)), of_index.matches), location=place)
        found = FileMatcher(names, split=split, location=place)
        rewrite = Rewrite("{http.matchers.file.relative}", location=place, name="php_fastcgi")
        routes = (
            Route((_to_directory(directive),), no_slash, place),
            Route((rewrite,), Matcher("php_fastcgi", (found.matches,), location=place), place),
        )
    is_script = replace(of_path(patterns[0], place), tests=(lambda request: is_path(request, patterns),))
    routes += (Route((_proxy(proxied, "fastcgi"),), is_script, place),)
    return (lambda request: run(routes, request),)


def _to_directory(directive: Directive) -> Handler:
    def handler(request: Request) -> bool:
        request.headers.set("Location", request.original.path + "/")
        request.step("redirect", f"308 to {request.original.path}/", directive.location)
        if not request.headers.first("Content-Type"):
            request.headers.set("Content-Type")
        request.answer(308)
        return True

    return handler
