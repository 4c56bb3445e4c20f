"""The values of `%{NAME}` in rules and expressions."""

from clearway.fronts.unknowable import Unknowable

from .request import PORTS, Request

_FIELDS = {
    "HTTP_USER_AGENT": "User-Agent",
    "HTTP_REFERER": "Referer",
    "HTTP_COOKIE": "Cookie",
    "HTTP_FORWARDED": "Forwarded",
    "HTTP_ACCEPT": "Accept",
    "HTTP_PROXY_CONNECTION": "Proxy-Connection",
}
_OF_FIELDS, _OF_VARIABLES = ("HTTP", "REQ"), ("ENV", "REQENV")  # functions, as they may be called in expressions


def value(name: str, request: Request, *, varies: bool = False) -> str:
    """Of a variable; header fields that are read are noted for Vary, absent ones if it `varies`. Raises Unknowable."""
    upper = name.upper()
    function, _, argument = name.partition(":")
    if upper in _FIELDS or function.upper() in _OF_FIELDS:
        return field(_FIELDS.get(upper) or argument, request, varies=varies)
    known = _noted(argument, request) if function.upper() in _OF_VARIABLES else _known(upper, request)
    if known is None:
        raise Unknowable(f"The value of %{{{name}}} cannot be known from here.")
    return known


def field(name: str, request: Request, *, varies: bool = False) -> str:
    """A header field of the request."""
    if name.lower() == "host":
        return _host(request)
    found = request.visit.fields.get(name.lower(), "")
    if found or varies:
        request.vary.append(name)
    return found


def _host(request: Request) -> str:
    visit = request.visit
    return visit.host if visit.port == PORTS[visit.scheme] or not visit.host else f"{visit.host}:{visit.port}"


def _known(name: str, request: Request) -> str | None:
    visit = request.visit
    simple = {
        "REQUEST_URI": request.path,
        "REQUEST_FILENAME": request.filename or request.path,
        "SCRIPT_FILENAME": request.filename or request.path,
        "HTTP_HOST": _host(request),
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.arguments or "",
        "PATH_INFO": request.path_info,
        "REMOTE_ADDR": visit.client,
        "REQUEST_SCHEME": visit.scheme,
        "HTTPS": "on" if visit.scheme == "https" else "off",
        "SERVER_PORT": str(visit.port),
        "SERVER_NAME": visit.host or request.server.name,
        "SERVER_ADDR": visit.address,
        "DOCUMENT_ROOT": request.root,
        "CONTEXT_PREFIX": (request.context or ("", ""))[0],
        "CONTEXT_DOCUMENT_ROOT": (request.context or ("", request.root))[1],
        "IS_SUBREQ": "true" if request.main else "false",
        "THE_REQUEST": f"{visit.method} {visit.target} HTTP/{'1.1' if visit.host else '1.0'}",
        "REQUEST_STATUS": str(request.status),
        "CONTENT_TYPE": request.type or "",
        "SERVER_PROTOCOL": "HTTP/1.1" if visit.host else "HTTP/1.0",
    }
    return simple.get(name)


def _noted(name: str, request: Request) -> str | None:
    """A variable of the request; those that modules of TLS and the like set are not known here."""
    known = {"HTTPS": "on" if request.visit.scheme == "https" else "", "REDIRECT_STATUS": _redirected(request)}
    if name in request.environ or name in known:
        return request.environ.get(name) or known.get(name, "")
    return None if name.startswith(("SSL_", "REDIRECT_", "UNIQUE_ID", "REMOTE_")) else ""


def _redirected(request: Request) -> str:
    return "" if request.previous is None else str(request.previous.status)
