"""The road of one request through a Caddyfile."""

from clearway.fronts.files import Files
from clearway.fronts.road import Outcome, Road, Step, Visit
from clearway.fronts.unknowable import Unknowable
from clearway.fronts.walk import walked

from . import url
from .reading import Configuration
from .request import Answer, Handed, HandlerError, Request
from .routes import run
from .servers import Server

_WITHOUT_BODY = frozenset({204, 304})


def route(configuration: Configuration, visit: Visit, files: Files) -> Road:
    """Where Caddy would take the visit: every decision, and the end. Never raises for what is written or on disk."""
    return walked("caddy", "Caddy", lambda steps: _road(configuration, visit, files, steps))


def _road(configuration: Configuration, visit: Visit, files: Files, steps: list[Step]) -> Road:
    server = configuration.servers.at(visit.address, visit.port)
    if server is None:
        where = f"{visit.address}:{visit.port}" if visit.address else f"port {visit.port}"
        steps.append(Step("server", f"no site of this configuration is on {where}", ok=False))
        raise Unknowable(f"No site of this configuration is on {where}.")
    if bad := _bad(server, visit):
        steps.append(Step("server", f"{bad}: 400", ok=False))
        return Road(tuple(steps), Outcome("caddy", 400, type="text/plain; charset=utf-8"))
    request = Request(
        visit, files, configuration.directory, steps, url.parse(visit.target), server.is_tls, host=_host(visit)
    )
    request.environ = dict(configuration.environ)
    _run(server, request)
    assert request.ended
    return Road(tuple(steps), _outcome(configuration, request.ended))


def _host(visit: Visit) -> str:
    """The Host field: with its port where that is not the usual one."""
    if not visit.host or visit.port == {"http": 80, "https": 443}[visit.scheme]:
        return visit.host
    return f"{visit.host}:{visit.port}"


def _bad(server: Server, visit: Visit) -> str:
    """Why a request is refused before any site is asked."""
    if visit.scheme == "https" and not server.is_tls:
        raise Unknowable(f"The port {visit.port} speaks no TLS here: another hop stands before it.")
    if visit.scheme == "http" and server.is_tls:
        return "the port speaks TLS, and the request is plain HTTP"
    try:
        url.parse(visit.target)
    except url.BadTargetError as error:
        return str(error)
    return ""


def _run(server: Server, request: Request) -> None:
    try:
        if not run(server.routes, request):
            request.step("server", "no site and no directive answers: an empty 200", ok=False)
            request.wrappers.clear()
            request.answer(200)
        return
    except HandlerError as error:
        first = error
    request.fail(first)
    if not server.errors:
        request.answer(first.status)
        return
    try:
        if not run(server.errors, request):
            request.answer(first.status)
    except HandlerError:
        request.wrappers.clear()
        request.answer(first.status)


def _outcome(configuration: Configuration, ended: Answer | Handed) -> Outcome:
    if isinstance(ended, Handed):
        return Outcome("application", ended.status, upstream=ended.upstream)
    headers = ended.headers.sent()
    if ended.status == 304:
        headers.pop("content-type", None)
    has_body = ended.length != 0 and ended.status not in _WITHOUT_BODY
    if has_body and "content-type" not in ended.headers and "content-encoding" not in headers:
        raise Unknowable("The media type is guessed from the content, as a header directive removes it.")
    file = configuration.paths.here(ended.file) if ended.file else None
    return Outcome("caddy", ended.status, file, None, headers.get("content-type"), headers)
