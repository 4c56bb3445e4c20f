"""The phases of a request, in nginx's order; each decides something and says it."""

from collections.abc import Callable

from clearway.fronts.nginx import access, indexing, match, pages, paths, rewriting, static, trying, upstream, uri
from clearway.fronts.nginx.request import CLOSED, Ending, Jump, Phase, Request, Served, Status
from clearway.fronts.nginx.scope import PASSES, Scope
from clearway.fronts.unknowable import Unknowable

_SERVER_REWRITE_CODE = ("server_rewrite_by_lua_block", "server_rewrite_by_lua_file")
_REWRITE_CODE = ("rewrite_by_lua", "rewrite_by_lua_block", "rewrite_by_lua_file")
_CONTENT_CODE = ("content_by_lua", "content_by_lua_block", "content_by_lua_file", "js_content", "perl")
# Modules that answer by themselves, in ways that are not looked into here: unless they are off.
_STRANGERS = (
    "random_index", "image_filter", "xslt_stylesheet", "echo", "fancyindex", "hls", "f4f", "api", "passenger_enabled",
    "vod", "rtmp_stat", "vhost_traffic_status_display", "pagespeed", "nchan_pubsub", "nchan_subscriber",
)  # fmt: skip
_TERMINATED = frozenset({408, CLOSED, 499})
_MEGABYTE = 1024 * 1024
_UNITS = {"k": 1024, "m": _MEGABYTE, "g": 1024 * _MEGABYTE}


def run(request: Request, ending: Ending | None = None) -> Served:
    """From the first phase, or from an ending that is there already, to the answer. Raises Unknowable."""
    ending = ending or Jump(Phase.SERVER_REWRITE)
    while not isinstance(ending, Served):
        if isinstance(ending, Status):
            ending = Served(CLOSED) if ending.code in _TERMINATED else pages.answer(request, ending.code)
        else:
            ending = _from(request, ending.phase)
    return ending


def _from(request: Request, first: Phase) -> Ending:
    """The phases from one on, to the first that decides; the last always does."""
    for phase in range(first, Phase.CONTENT):
        ending = _PHASES[phase](request)
        if ending:
            return ending
    return _content(request)


# --- phases; each returns None where the next one follows


def _server_rewrite(request: Request) -> Ending | None:
    _no_code(request.server, _SERVER_REWRITE_CODE)
    return rewriting.run(request, request.server)


def _find_location(request: Request) -> Ending | None:
    request.handler, request.path_changed = None, False
    found, tried = match.find(request.server, request.path)
    for each in tried:
        request.matched(each)
    request.step("location", found.reason, found.scope)
    if not request.internal and found.scope.holder("internal"):
        request.scope = found.scope
        request.step("access", "the location is internal: 404", found.scope, ok=False)
        return Status(404)
    request.enter(found.scope)
    if _too_large(request):
        request.step("access", "the body is larger than client_max_body_size: 413", request.scope, ok=False)
        return Status(413)
    if found.redirects:
        name = found.scope.location.name if found.scope.location else ""
        request.location = request.location_of(name)
        return Status(301)
    return None


def _rewrite(request: Request) -> Ending | None:
    """The rules of the location; those of the server have run. Code comes after them."""
    ending = rewriting.run(request, request.scope) if request.scope is not request.server else None
    if ending is None:
        _no_code(request.scope, _REWRITE_CODE)
    return ending


def _post_rewrite(request: Request) -> Ending | None:
    if not request.path_changed:
        return None
    request.changes_left -= 1
    if request.changes_left == 0:
        return request.cycle(request.path)
    request.scope = request.server
    return Jump(Phase.FIND_LOCATION)


def _access(request: Request) -> Ending | None:
    return None if request.is_subrequest else access.judge(request, _ask)


def _content(request: Request) -> Ending:
    _no_code(request.scope, _CONTENT_CODE)
    _no_stranger(request)
    if request.handler in PASSES:
        return upstream.run(request)
    if request.handler in _FIXED:
        return _fixed(request, *_FIXED[request.handler])
    try:
        return _file(request)
    except paths.NotMapped:
        request.step(
            "file", "the alias cannot be used since a rewrite ... break changed the path: 500", request.scope, ok=False
        )
        return Status(500)


def _file(request: Request) -> Ending:
    if request.path.endswith("/"):
        ending = indexing.run(request)
        if ending:
            return ending
    else:
        ending = static.compressed(request)
        if ending:
            return ending
    if request.method not in {"GET", "HEAD", "POST"}:
        request.step("file", f"a file takes no {request.method}: 405", request.scope, ok=False)
        return Status(405)
    if request.path.endswith("/"):
        base = paths.plain(paths.name(request))
        request.step("index", f"{base} has no index and is not listed: 403", request.scope, ok=False)
        return Status(403)
    return static.run(request)


_PHASES: dict[int, Callable[[Request], Ending | None]] = {
    Phase.SERVER_REWRITE: _server_rewrite,
    Phase.FIND_LOCATION: _find_location,
    Phase.REWRITE: _rewrite,
    Phase.POST_REWRITE: _post_rewrite,
    Phase.ACCESS: _access,
    Phase.TRY_FILES: trying.run,
}

# Handlers whose answer does not depend on files: its type.
_FIXED = {"stub_status": ("text/plain",), "empty_gif": ("image/gif",)}


def _fixed(request: Request, media: str) -> Ending:
    request.step("file", f"{request.handler} answers", request.scope)
    if request.method not in {"GET", "HEAD"}:
        return Status(405)
    return Served(200, type=media)


def _no_code(scope: Scope, names: tuple[str, ...]) -> None:
    code = scope.nearest(*names)
    if code:
        where = f"{code[0].location.file}:{code[0].location.line}"
        raise Unknowable(f"{code[0].name} at {where} runs code, which decides the answer.")


def _no_stranger(request: Request) -> None:
    """A module that is not known here, or that changes files, decides the answer."""
    scope = request.scope
    handlers = [name for name in scope.own if name.endswith("_pass") and name not in PASSES]
    strangers = [name for name in _STRANGERS if scope.word(name, "off") not in {"off", "none"}]
    writes = [name for name in scope.nearest("dav_methods") if request.method in name.words]
    named = [*handlers, *strangers, *(rule.name for rule in writes)]
    if named:
        raise Unknowable(f"{named[0]} of a module that is not looked into decides the answer.")


def _too_large(request: Request) -> bool:
    length = request.visit.fields.get("content-length", "")
    limit = request.scope.word("client_max_body_size", "1m").lower()
    most = int(limit.rstrip("kmg")) * _UNITS.get(limit[-1], 1)
    return length.isdigit() and 0 < most < int(length)


def _ask(request: Request, target: str) -> int | None:
    """The status of a subrequest within the server; None where the application answers."""
    inner = Request(request.visit, request.choice, request.files, uri.Target(target, ""), [])
    inner.method = "GET"
    inner.internal = inner.is_subrequest = True
    inner.values, inner.client = request.values, request.client
    served = run(inner)
    return inner.error_status or served.status
