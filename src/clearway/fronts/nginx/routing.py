"""The road of one request through a configuration of nginx."""

from dataclasses import replace

from clearway.fronts.files import Files
from clearway.fronts.nginx import hosts, paths, phases, realip, servers, uri
from clearway.fronts.nginx.headers import Answer
from clearway.fronts.nginx.reading import Configuration
from clearway.fronts.nginx.request import CLOSED, Ending, Request, Served, Status
from clearway.fronts.nginx.versions import CONNECT_NAMES_HOST, NO_CONNECT, NO_SPACES
from clearway.fronts.road import Outcome, Road, Step, Visit
from clearway.fronts.unknowable import Unknowable
from clearway.fronts.walk import walked

_PLAIN_TO_TLS = 497  # so error_page names it
_SENT = {_PLAIN_TO_TLS: 400}
_EMPTY = frozenset({204, 412})  # what is answered without the file that was found


def route(configuration: Configuration, visit: Visit, files: Files) -> Road:
    """Where nginx would take the visit: every decision, and the end. Never raises for what is written or on disk."""
    return walked("nginx", "nginx", lambda steps: _road(_request(configuration, visit, files, steps)))


def route_accelerated(configuration: Configuration, visit: Visit, target: str, files: Files, media: str = "") -> Road:
    """The road of a visit that the application answers with X-Accel-Redirect: from there on it is nginx's again.

    `target` is the field's value, `media` the Content-Type that the application had set. Where nginx does not ask the
    application at all, the road is that of `route`.
    """
    return walked(
        "nginx", "nginx", lambda steps: _accelerated(_request(configuration, visit, files, steps), target, media)
    )


def _accelerated(request: Request | Road, target: str, media: str) -> Road:
    if isinstance(request, Road):
        return request
    served = phases.run(request)
    if served.by != "application":
        return _answered(request, served)
    request.step("proxy", f"the application answers with X-Accel-Redirect: {target}")
    request.kept_type = media
    if target.startswith("@"):
        return _finished(request, request.go_to_named(target))
    try:
        parsed = uri.parse_internal(target)
    except uri.BadTargetError as error:
        request.step("proxy", f"X-Accel-Redirect: {error}: 404", ok=False)
        return _finished(request, Status(404))
    if request.method != "HEAD":
        request.method = "GET"
    return _finished(request, request.redirect(parsed.path, parsed.arguments))


def _road(request: Request | Road) -> Road:
    return _finished(request, None) if isinstance(request, Request) else request


def _request(configuration: Configuration, visit: Visit, files: Files, steps: list[Step]) -> Request | Road:
    """The request at its server, or the road that ends before."""
    choice = servers.choose(configuration.http, visit.host.lower().removesuffix("."), visit.port, visit.address)
    if choice is None:
        where = f"{visit.address}:{visit.port}" if visit.address else f"port {visit.port}"
        steps.append(Step("server", f"no server of this configuration listens on {where}", ok=False))
        return Road(tuple(steps), Outcome("nginx", unknown=f"No server of this configuration listens on {where}."))
    first = choice.first or choice.server
    bad, target = "", uri.Target("", "")
    try:
        target = _target(configuration, visit, merges=first.is_on("merge_slashes", default=True))
        bad = "" if hosts.is_valid(visit.host, configuration.does) else "the Host header is missing or invalid"
    except uri.BadTargetError as error:
        bad = str(error)
    if bad:
        choice = servers.Choice(first, choice.listen, "the default server judges the request line and Host")
        visit = _half_read(visit) if target.path else replace(visit, host="", fields={}, target="")
    steps.append(Step("server", choice.reason, choice.server.place))
    request = Request(visit, choice, files, target, steps)
    request.client = realip.client(request)
    refusal = (400, bad) if bad else _refusal(configuration, visit, choice.listen.ssl)
    if refusal is None:
        return request
    request.step("server", f"{refusal[1]}: {_SENT.get(refusal[0], refusal[0])}", choice.server, ok=False)
    return _finished(request, Status(refusal[0]))


def _target(configuration: Configuration, visit: Visit, *, merges: bool) -> uri.Target:
    takes_spaces = uri.has_control(visit.target) and not configuration.does(NO_SPACES)
    if visit.method == "CONNECT" and configuration.does(CONNECT_NAMES_HOST):
        raise uri.BadTargetError("CONNECT names no host and port")
    return uri.parse(visit.target, merges, takes_spaces=takes_spaces)


def _half_read(visit: Visit) -> Visit:
    """A request whose Host was refused: no other field has been read."""
    written = f"{visit.host}:{visit.port}" if visit.host else ""
    return replace(visit, host="", fields={"host": written})


def _refusal(configuration: Configuration, visit: Visit, ssl: bool) -> tuple[int, str] | None:
    """The status of a request that no server takes, and why."""
    if ssl and visit.scheme == "http":
        return _PLAIN_TO_TLS, "the port speaks TLS, and the request is plain HTTP"
    if visit.scheme == "https" and not ssl:
        raise Unknowable(f"The port {visit.port} of this server speaks no TLS: another hop stands before it.")
    if visit.method == "TRACE" or (visit.method == "CONNECT" and configuration.does(NO_CONNECT)):
        return 405, f"nginx takes no {visit.method}"
    return None


def _finished(request: Request, ending: Ending | None) -> Road:
    return _answered(request, phases.run(request, ending))


def _answered(request: Request, served: Served) -> Road:
    status = CLOSED if served.status == CLOSED else request.error_status or served.status
    if served.by != "nginx" or status is None:
        outcome = Outcome(served.by, request.error_status or None, upstream=served.upstream)
    elif status == CLOSED:
        outcome = Outcome("nginx", status)
    else:
        answer = Answer(request, served, status)
        file = None if answer.status in _EMPTY else _file(request, served)
        outcome = Outcome("nginx", answer.status, file, None, answer.media, answer.headers)
    return Road(tuple(request.steps), outcome)


def _file(request: Request, served: Served) -> str | None:
    """On this machine."""
    return request.server.configuration.paths.here(paths.plain(served.file)) if served.file else None
