"""The header fields that a proxied request takes along: nginx replaces Host, and tells nothing of HTTPS."""

from collections.abc import Callable, Iterator

from clearway.fronts.directive import Directive
from clearway.fronts.needs import Need
from clearway.fronts.road import Road
from clearway.fronts.site import Site

from .reading import Configuration

SCHEMES = ("$scheme", "$http_x_forwarded_proto", "https", "$forwarded_scheme", "$proxy_x_forwarded_proto")
HOSTS = ("$host", "$http_host")
# by what the field says of HTTPS: the variable that says so; any other word needs a `map`
OF_SCHEME = {"https": "$scheme", "on": "$https"}


def fields(site: Site) -> Iterator[tuple[str, str]]:
    """Field and value that the application needs."""
    yield "Host", "$host"
    if site.reads_scheme and site.scheme_value in OF_SCHEME:
        yield site.scheme_field, OF_SCHEME[site.scheme_value]
    if site.forwards_host:
        yield "X-Forwarded-Host", "$host"


def needs(site: Site) -> Iterator[Need[Configuration]]:
    """Each field as a need."""
    for field, value in fields(site):
        yield Need("forwarded", "/", missing(field, value))


def missing(field: str, value: str) -> Callable[[Configuration, Road], str]:
    """What is wrong with a field of the request that the application gets."""

    def wrong(configuration: Configuration, road: Road) -> str:
        levels = proxying(configuration, road)
        if road.outcome.by != "application" or not levels:
            return ""
        sent = [each.words for each in _effective(levels) if each.words[0].lower() == field.lower()]
        if not sent:
            lost = any(
                each.words[0].lower() == field.lower() for level in levels for each in level.all("proxy_set_header")
            )
            because = ": the location has header fields of its own, so those outside are not inherited" if lost else ""
            return f"the application is not told {field}{because}"
        if len(sent) > 1:
            return f"{field} is sent {len(sent)} times"
        is_good = _is_good(sent[0][-1], value) or (field == "Host" and "$" not in sent[0][-1])
        return "" if is_good else f"{field} is {sent[0][-1]}"

    return wrong


def _is_good(sent: str, value: str) -> bool:
    """Whether a field has what it needs, or what comes to the same."""
    if value == "$https":
        return sent == "on" or ("$" in sent and sent not in SCHEMES)
    return sent.partition(":")[0] in (HOSTS if value == "$host" else SCHEMES)


def proxying(configuration: Configuration, road: Road) -> list[Directive]:
    """The blocks around the directive that hands the request on, the innermost first."""
    places = [step.location for step in road.steps if step.layer == "proxy" and step.location]
    for place in reversed(places):
        if found := _around(configuration.directives, place.file, place.line):
            return found
    return []


def _around(directives: tuple[Directive, ...], file: str, line: int) -> list[Directive]:
    for each in directives:
        if each.block is not None:
            if found := _around(each.block, file, line):
                return [*found, each]
            if any(
                _is_pass(inner) and (inner.location.file, inner.location.line) == (file, line) for inner in each.block
            ):
                return [each]
    return []


def _is_pass(directive: Directive) -> bool:
    return directive.name == "proxy_pass"


def _effective(levels: list[Directive]) -> list[Directive]:
    """Those of the innermost block that has any."""
    return next((own for level in levels if (own := list(level.all("proxy_set_header")))), [])
