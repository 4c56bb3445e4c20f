"""What a location hands to another server: which one, and the address that it is asked for."""

from clearway.fronts.directive import Directive
from clearway.fronts.nginx.request import Ending, Request, Served, Status
from clearway.fronts.nginx.scope import Location, Scope
from clearway.fronts.nginx.value import has_variables
from clearway.fronts.nginx.versions import SHORT_PATHS
from clearway.fronts.unknowable import Unknowable

_SCHEMES = {
    "proxy_pass": "http", "fastcgi_pass": "fastcgi", "uwsgi_pass": "uwsgi", "scgi_pass": "scgi", "grpc_pass": "grpc",
    "memcached_pass": "memcached",
}  # fmt: skip


def run(request: Request) -> Ending:
    """Of the handler that the request has. Raises Unknowable."""
    name = request.handler or ""
    rule = _rule(request.scope, name)
    if rule is None:
        request.step("proxy", f"no {name} holds within this block: 500", request.scope, ok=False)
        return Status(500)
    scheme, address, path = _parts(request.text(rule.words[0]), _SCHEMES[name])
    server = _server(request, address)
    shown = f"{scheme}://{server}"
    if name in {"proxy_pass", "grpc_pass"}:
        sent = _sent(request, rule, path if name == "proxy_pass" else None)
        shown += f":{sent}" if server.startswith("unix:") else sent
    request.step("proxy", f"{name} {rule.words[0]}: the application is asked at {shown}", rule)
    return Served(request.error_status or None, by="application", upstream=shown)


def _rule(scope: Scope, name: str) -> Directive | None:
    """Its own, or within an `if` or `limit_except` that of the location."""
    own = scope.here(name)
    if own:
        return own[-1]
    return _rule(scope.parent, name) if scope.kind in {"if", "limit_except"} and scope.parent else None


def _parts(written: str, scheme: str) -> tuple[str, str, str | None]:
    """Scheme, address, and the path where one is written; that of a socket's path begins after a colon."""
    head, mark, rest = written.partition("://")
    if not mark:
        head, rest = scheme, written
    if rest.startswith("unix:"):
        socket, colon, path = rest.removeprefix("unix:").partition(":")
        return head, f"unix:{socket}", path if colon else None
    at = min((rest.find(mark) for mark in "/?" if mark in rest), default=-1)
    if at < 0:
        return head, rest, None
    path = rest[at:]
    return head, rest[:at], path if path.startswith("/") else "/" + path


def _server(request: Request, address: str) -> str:
    """The address; of an `upstream` block that has one server, that server."""
    block = request.server.configuration.http.upstreams.get(address)
    if block is None:
        return address
    servers = [each.words[0] for each in block.all("server") if "down" not in each.words]
    primary = [each.words[0] for each in block.all("server") if not {"down", "backup"} & set(each.words)]
    request.step("proxy", f"upstream {address}: {', '.join(servers) or 'no server'}", block)
    return primary[0] if len(primary) == 1 else address


def _sent(request: Request, rule: Directive, path: str | None) -> str:
    """The request target as it is sent (ngx_http_proxy_create_request). Raises Unknowable."""
    if path is not None and has_variables(rule.words[0]):
        return path
    if path is None and request.valid_unparsed:
        return request.visit.target
    location = request.scope.location
    is_plain = isinstance(location, Location) and not location.regex and not location.is_named
    cut = len(location.name) if path is not None and request.valid_location and location and is_plain else 0
    if len(request.path) < cut and not request.does(SHORT_PATHS):  # after try_files; it reads beyond its memory
        raise Unknowable(f"{request.path} is shorter than the location that hands it on, and nginx breaks there.")
    rest = request.path[cut:]
    if request.target.quoted or request.target.spaced or request.internal:
        rest = request.escaped_path(rest)
    head = path if path is not None and request.valid_location else ""
    return head + rest + (f"?{request.arguments}" if request.arguments else "")
