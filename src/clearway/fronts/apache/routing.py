"""The road of one request through a configuration of httpd."""

from clearway.fronts.files import Files
from clearway.fronts.road import Outcome, Road, Step, Visit
from clearway.fronts.unknowable import Unknowable
from clearway.fronts.walk import walked

from . import headers, pages, types, uri
from .phases import Redirected, handle, prepare
from .reading import Configuration
from .refused import Refused
from .request import Request, Served
from .servers import Choice

_BODY = 1 << 30  # LimitRequestBody


def route(configuration: Configuration, visit: Visit, files: Files) -> Road:
    """Where httpd would take the visit: every decision, and the end. Never raises for what is written or on disk."""
    return walked("apache", "httpd", lambda steps: _road(configuration, visit, files, steps))


def _road(configuration: Configuration, visit: Visit, files: Files, steps: list[Step]) -> Road:
    servers = configuration.servers
    if not servers.is_listened(visit.port, visit.address):
        said = f"Nothing of this configuration listens on port {visit.port}."
        steps.append(Step("server", said.removesuffix("."), ok=False))
        return Road(tuple(steps), Outcome("apache", unknown=said))
    host = (
        ""
        if uri.is_malformed(visit.target) or not pages.valid_host(visit.host)
        else visit.host.lower().removesuffix(".")
    )
    choice = servers.choose(host, visit.port, visit.address)
    steps.append(Step("server", choice.reason, choice.server.section.location if choice.server.section else None))
    request = _request(configuration, visit, files, steps, choice)
    try:
        _parsed(request, visit)
        return _finished(*_run(request))
    except Refused as refused:
        request.scope = request.base()
        request.step("server", f"the request is not understood: {refused.status}", ok=False)
        return _finished(*pages.answer(request, refused, _run))


def begun(configuration: Configuration, visit: Visit, files: Files) -> Request:
    """The request at its server, with its path. Raises Refused, Unknowable."""
    choice = configuration.servers.choose(visit.host.lower().removesuffix("."), visit.port, visit.address)
    request = _request(configuration, visit, files, [], choice)
    _parsed(request, visit)
    return request


def _request(configuration: Configuration, visit: Visit, files: Files, steps: list[Step], choice: Choice) -> Request:
    return Request(configuration, visit, choice.server, files, steps, "/", None, "", visit.method)


def _parsed(request: Request, visit: Visit) -> None:
    request.path = uri.written(visit.target)
    if not pages.valid_host(visit.host):
        raise Refused(400)
    request.path = uri.shown(visit.target)
    speaks = request.configuration.speaks_tls(request.server)
    if speaks and visit.scheme == "http":
        raise Refused(400)
    if not speaks and visit.scheme == "https":
        raise Unknowable(f"The port {visit.port} of this server speaks no TLS: another hop stands before it.")
    slashes = (request.of_server("allowencodedslashes") or ("off",))[0].lower()
    merges = (request.of_server("mergeslashes") or ("on",))[0].lower() == "on"
    target = uri.parse(visit.target, merges, slashes)
    request.path, request.raw, request.arguments = target.path, target.raw, target.arguments


def _run(request: Request) -> tuple[Request, Served]:
    """Until somebody answers; internal redirects are followed."""
    for _ in range(pages.LIMIT + 1):
        try:
            request = final = prepare(request)
            _fits(final)
            return final, handle(final)
        except Redirected as redirected:
            request.step("rewrite", f"starts again as {redirected.path}")
            request = again(request, redirected.path, redirected.arguments)
            try:
                request.path = uri.parse_again(request.path)
            except Refused as refused:
                request.scope = request.base()
                return pages.answer(request, refused, _run)
        except Refused as refused:
            return pages.answer(request, refused, _run)
    request = request.previous or request
    request.step("rewrite", "more than 10 internal redirects: 500", ok=False)
    return pages.answer(request, Refused(500), _run)


def _fits(request: Request) -> None:
    """LimitRequestBody, where httpd reads the body itself: what it hands to a proxy has no limit (ap_http_filter)."""
    if request.upstream or request.handler.startswith("proxy:"):
        return
    rule = request.scope.last("limitrequestbody")
    limit = int(rule.words[0]) if rule else _BODY
    length = request.visit.fields.get("content-length", "0")
    if limit and length.isdecimal() and int(length) > limit:
        request.step("body", f"{length} octets are more than LimitRequestBody {limit}: 413", rule, ok=False)
        raise Refused(413)


def again(request: Request, path: str, arguments: str | None, method: str = "") -> Request:
    """What an internal redirect makes of a request."""
    new = Request(
        request.configuration, request.visit, request.server, request.files, request.steps, path, arguments, path,
        method or request.method, previous=request,
    )  # fmt: skip
    new.ended = request.ended
    new.challenge = request.challenge
    return new


def _finished(request: Request, served: Served) -> Road:
    steps = tuple(request.steps)
    failed = pages.failed(request)
    status = failed or served.status
    is_error = bool(served.body)
    try:
        fields = headers.fields(request, served, status or 200, is_error=is_error)
    except Unknowable:
        if served.by == "apache":
            raise
        fields = {}
    media = (pages.TYPE if status != 204 else None) if is_error else types.media(request)
    if any(ord(character) < 32 for value in fields.values() for character in value.replace("\t", "")):
        raise Unknowable("A header field would hold a line break, which httpd refuses to send.")
    if served.by != "apache" or status is None:
        return Road(steps, Outcome(served.by, None, upstream=served.upstream))
    file = request.configuration.paths.here(served.file) if served.file else None
    return Road(steps, Outcome("apache", status, file, None, media, fields))
