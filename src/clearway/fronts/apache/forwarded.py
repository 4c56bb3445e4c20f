"""What a proxied application is told: mod_proxy replaces Host, and tells nothing of HTTPS; mod_wsgi tells all."""

import re
from collections.abc import Callable, Iterator

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.files import Files
from clearway.fronts.needs import Need
from clearway.fronts.road import Road, Visit
from clearway.fronts.site import Site
from clearway.fronts.unknowable import Unknowable

from . import headers
from .phases import Redirected, handle, prepare
from .quoting import quoted
from .reading import Configuration
from .refused import Refused
from .request import Request
from .routing import begun

_HTTP = re.compile(r"(?:https?|h2c?|wss?|balancer)://")
# by what the field says of HTTPS: the expression that says so
_OF_SCHEME = {"https": "expr=%{REQUEST_SCHEME}", "on": "expr=%{HTTPS}"}
_HOST, _ADDED = "ProxyPreserveHost", "ProxyAddHeaders"

Told = Callable[[Request], str]


def lines(site: Site) -> Iterator[tuple[str, str]]:
    """What each line is about, and the line."""
    yield _HOST, f"{_HOST} On"
    if site.reads_scheme and site.scheme_value in _OF_SCHEME:
        yield site.scheme_field, of_scheme(site.scheme_field, site.scheme_value)[0]
    if site.forwards_host:
        yield _ADDED, f"{_ADDED} On"


def of_scheme(field: str, value: str) -> list[str]:
    """The lines that tell of HTTPS by a value of a field."""
    if value in _OF_SCHEME:
        return [f"RequestHeader set {field} {quoted(_OF_SCHEME[value])}"]
    condition = quoted("expr=%{HTTPS} == 'on'")
    return [f"RequestHeader unset {field}", f"RequestHeader set {field} {quoted(value)} {condition}"]


def is_about(each: Directive, name: str) -> bool:
    """Whether a directive says something of what a line is about."""
    own = each.words[1].rstrip(":") if each.name == "requestheader" and len(each.words) > 1 else each.name
    return own.lower() == name.lower()


def needs(site: Site, visit: Visit, files: Files) -> Iterator[Need[Configuration]]:
    """Each line as a need of the visit."""
    told: dict[str, Told] = {_HOST: _of_host, _ADDED: _of_added}
    for name, _ in lines(site):
        yield Need("forwarded", "/", _wrong(told.get(name) or _of_scheme(site), visit, files))


def _wrong(told: Told, visit: Visit, files: Files) -> Callable[[Configuration, Road], str]:
    def wrong(configuration: Configuration, _: Road) -> str:
        try:
            request = prepare(begun(configuration, visit, files))
            handle(request)
            return told(request) if _HTTP.match(request.upstream) else ""
        except (Refused, Redirected, Unknowable, ConfigurationError):
            return ""

    return wrong


def _of_host(request: Request) -> str:
    is_told = request.scope.is_on("proxypreservehost")
    return "" if is_told else "the application is not told Host: ProxyPreserveHost is off"


def _of_added(request: Request) -> str:
    is_told = request.scope.is_on("proxyaddheaders", default=True)
    return "" if is_told else "the application is not told X-Forwarded-Host: ProxyAddHeaders is off"


def _of_scheme(site: Site) -> Told:
    field = site.scheme_field

    def told(request: Request) -> str:
        value = _sent(field, request)
        if value is None:
            return f"the application is not told {field}: RequestHeader sets none"
        good = {site.scheme_value, *(("http", "off") if request.visit.scheme == "http" else ())}
        return "" if value in good else f"{field} is {value}"

    return told


def _sent(field: str, request: Request) -> str | None:
    """The value of a request field after RequestHeader; None without one. Raises Unknowable."""
    value = request.visit.fields.get(field.lower())
    for each in request.scope.all("requestheader") if request.has("headers") else ():
        if not is_about(each, field):
            continue
        action, rest = each.words[0].lower(), [word for word in each.words[2:] if word.lower() != "early"]
        if not headers.holds(request, rest if action == "unset" else rest[1:]):
            continue
        if action == "unset":
            value = None
        elif action.startswith("edit") or not rest:
            raise Unknowable(f"RequestHeader {action} changes what the client has sent.")
        elif action != "setifempty" or not value:
            given = headers.filled(rest[0], request)
            value = given if action in {"set", "setifempty"} or value is None else f"{value}, {given}"
    return value
