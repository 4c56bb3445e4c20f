"""The phases of a request, one after the other (ap_process_request_internal), and the handler at the end."""

from dataclasses import replace

from clearway.fronts.directive import Directive
from clearway.fronts.files import Kind
from clearway.fronts.unknowable import Unknowable

from . import access, directories, noted, redirecting, sections, types
from .options import options
from .refused import Refused
from .request import Request, Served
from .rewriting import Rewriter, Rewritten
from .rules import rules
from .translating import redirected, translate
from .upstreams import reach
from .uri import is_url
from .walking import walk

_LIMIT = 10  # LimitInternalRecursion
_KNOWN = frozenset({
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL",
    "COPY", "MOVE", "LOCK", "UNLOCK", "VERSION-CONTROL", "CHECKOUT", "UNCHECKOUT", "CHECKIN", "UPDATE", "LABEL",
    "REPORT", "MKWORKSPACE", "MKACTIVITY", "BASELINE-CONTROL", "MERGE",
})  # fmt: skip
_BY_URL = ("allowmethods", "wsgi")
_OF_PATHS = frozenset({"files", "filesmatch", "location", "locationmatch"})
_PASSED_ON = ("wsgi-script", "cgi-script", "fcgid-script", "uwsgi-handler", "application/x-httpd", "php", "passenger")


class Redirected(Exception):  # noqa: N818 - it is a turn of the road
    """An internal redirect to a path of the URL."""

    def __init__(self, path: str, arguments: str | None) -> None:
        super().__init__(path)
        self.path, self.arguments = path, arguments


def prepare(request: Request) -> Request:
    """All before the handler; the request that goes on. Raises Refused, Redirected, Unknowable."""
    request.scope = request.base()
    for each in sections.locations(request):
        request.scope = request.scope.plus(each)
    for each in list(sections.conditions(request)):
        request.scope = request.scope.plus(each)
    noted.at_start(request)
    translate(request)
    request.scope = request.base()
    if not request.upstream:
        walk(request)
        for each in list(sections.files(request)):
            request.scope = request.scope.plus(each)
    for each in sections.locations(request):
        request.scope = request.scope.plus(each)
    for each in list(sections.conditions(request)):
        request.scope = request.scope.plus(each)
    noted.in_sections(request)
    if not _is_as_before(request):
        access.check(request)
    if not request.upstream:
        types.find(request)
        _negotiated(request)
        return _fixed_up(request)
    noted.at_end(request)
    if request.has("alias"):
        redirecting.of_directory(request)
    return request


def _is_as_before(request: Request) -> bool:
    """Whether all is configured as for the request that led here, and access is not asked again (per_dir_config).

    With a module that is asked for each URL, sections are merged anew: those of a file or path for another one, and
    `If` always (auth_internal_per_conf).
    """
    before = request.main or request.previous
    if not before or before.scope != request.scope:
        return False
    if not any(request.has(each) for each in _BY_URL):
        return True
    if not request.upstream:
        is_there = request.entry is not None and request.entry.exists and not request.path_info
        if not is_there or not before.walked or before.walked != request.walked:
            return False
    kinds = {layer.kind for layer in request.scope.layers}
    return not kinds & {"if", "elseif", "else"} and (before.path == request.path or not kinds & _OF_PATHS)


def _negotiated(request: Request) -> None:
    if not request.has("negotiation") or "multiviews" not in options(request.scope) or not request.entry:
        return
    if not request.entry.exists and not request.handler:
        raise Unknowable("MultiViews chooses among the files whose names begin so.")


def _fixed_up(request: Request) -> Request:
    if request.has("rewrite") and not request.ended:
        _rewritten(request)
    if request.upstream:
        return request
    noted.at_end(request)
    if request.has("alias"):
        redirecting.of_directory(request)
    final = directories.fix_up(request, lookup)
    final.method = request.method
    if final.pending and request.main is None:
        raise Redirected(*final.pending)
    return final


def lookup(request: Request, path: str, arguments: str | None) -> Request:
    """A subrequest (ap_sub_req_lookup_uri); its status says how it went."""
    found = Request(
        request.configuration, request.visit, request.server, request.files, request.steps, path, arguments, path,
        "GET", main=request, previous=request.previous,
    )  # fmt: skip
    try:
        if _depth(found) > _LIMIT:
            request.step("directory", "more than 10 subrequests inside each other: 500", ok=False)
            raise Refused(500)
        return prepare(found)
    except Refused as refused:
        found.status, found.location = refused.status, refused.url
        return found


def _depth(request: Request) -> int:
    return 0 if request.main is None else 1 + _depth(request.main)


# --- rules of a directory


def _rewritten(request: Request) -> None:
    layer = request.scope.strongest("rewriterule", "rewriteengine", "rewritecond", "rewritebase", "rewriteoptions")
    engine = request.scope.last("rewriteengine")
    if not layer or layer.kind == "server" or not engine:
        return
    is_on = engine.words[0].lower() == "on"
    if not is_on or layer.directory is None:
        if is_on and layer.has("rewriterule"):
            raise Unknowable("RewriteRule inside a Location is not supported by httpd.")
        return
    _run(request, layer.directives, layer.directory)


def _run(request: Request, directives: tuple[Directive, ...], directory: str) -> None:
    if request.filename + "/" == directory:
        return
    if not options(request.scope) & {"followsymlinks", "symlinksifownermatch"}:
        request.step("rewrite", "RewriteRule needs Options FollowSymLinks: 403", ok=False)
        raise Refused(403)
    if any(each.name == "rewriteoptions" and "inherit" in " ".join(each.words).lower() for each in directives):
        raise Unknowable("RewriteOptions Inherit joins the rules of several directories.")
    before, arguments = request.filename, request.arguments
    result = Rewriter(request, rules(directives), directory).run()
    if result.sets_type or result.sets_handler:
        raise Unknowable("RewriteRule [T] or [H] sets a type or a handler.")
    if result.is_status:
        raise Refused(result.status or 500, is_fresh=True)
    if not result.changed:
        return
    if result.is_proxied:
        reach(request, result.path, result.rule.directive if result.rule else None)
        return
    base = next(
        (
            each.words[0]
            for layer in reversed(request.scope.layers)
            for each in reversed(layer.directives)
            if each.name == "rewritebase"
        ),
        None,
    )
    if is_url(result.path):
        raise Refused(
            result.status or 302, redirected(request, _based(request, result, directory, base)), is_fresh=True
        )
    if not result.path.startswith("/"):
        raise Refused(400)
    if result.path == before and request.arguments == arguments:
        return
    # The other fixups still run: the slash of a directory, its index and Redirect go before.
    request.pending = (_as_url(request, result.path, directory, base), request.arguments)


def _based(request: Request, result: Rewritten, directory: str, base: str | None) -> Rewritten:
    """A redirect to a path of the disk becomes one to the base of the directory."""
    origin = request.origin
    path = result.path[len(origin) :] if result.path.startswith(origin + "/") else ""
    if base is None or not path.startswith(directory):
        return result
    return replace(result, path=origin + base.rstrip("/") + "/" + path[len(directory) :])


def _as_url(request: Request, path: str, directory: str, base: str | None) -> str:
    if base is not None:
        return base.rstrip("/") + "/" + path[len(directory) :] if path.startswith(directory) else path
    prefix, root = request.context or ("", request.root)
    if path.startswith(root + "/"):
        return prefix + path[len(root) :]
    if path.startswith(request.root + "/"):
        return path[len(request.root) :]
    return path


# --- the handler


def handle(request: Request) -> Served:
    """What answers. Raises Refused, Unknowable."""
    if request.upstream:
        return Served(None, "application", upstream=request.upstream)
    if request.method == "TRACE":
        raise Unknowable("TRACE is answered with the request itself.")
    handler = request.handler
    if handler.startswith("proxy:"):
        reach(request, handler[6:] + request.path if "://" in handler and "fcgi" not in handler else handler[6:], None)
        return Served(None, "application", upstream=request.upstream)
    if handler and any(each in handler for each in _PASSED_ON):
        return _application(request, handler)
    if handler and handler not in {"default-handler", "httpd/unix-directory"}:
        raise Unknowable(f"The handler {handler} answers.")
    if (
        request.entry
        and request.entry.kind is Kind.DIRECTORY
        and request.method in {"GET", "HEAD"}
        and handler != "default-handler"
    ):
        return _list(request)
    return _file(request)


def _application(request: Request, handler: str) -> Served:
    if not request.script and "execcgi" not in options(request.scope):
        request.step("application", f"{handler} needs Options ExecCGI: 403", ok=False)
        raise Refused(403)
    if not request.entry or not request.entry.exists:
        request.step("application", f"{request.filename} does not exist: 404", ok=False)
        raise Refused(404)
    kind = "wsgi" if "wsgi" in handler else "cgi"
    return Served(None, "application", upstream=f"{kind}:{request.filename}")


def _list(request: Request) -> Served:
    status = directories.listed(request)
    if status != 200:
        words = "has no index, and Options Indexes is off" if status == 403 else "has no index"
        request.step("directory", f"{request.filename} {words}: {status}", ok=False)
        raise Refused(status)
    request.step("directory", f"{request.filename} is listed")
    request.type, request.charset = "text/html;charset=ISO-8859-1", ""
    return Served(200)


def _file(request: Request) -> Served:
    if request.method not in {"GET", "HEAD", "POST"}:
        if request.method == "OPTIONS":
            return Served(200)
        raise Refused(405 if request.method in _KNOWN else 501)
    entry = request.entry
    if not entry or not entry.exists or request.path_info or entry.kind is Kind.DIRECTORY:
        behind = f"{request.filename} is a file, and {request.path_info} follows" if entry and entry.exists else ""
        request.step("file", f"{behind or request.filename + ' does not exist'}: 404", ok=False)
        raise Refused(404)
    if not entry.readable:
        request.step("permission", f"{entry.reason or request.filename + ' cannot be read'}: 403", ok=False)
        raise Refused(403)
    return Served(200, file=request.filename, entry=entry)
