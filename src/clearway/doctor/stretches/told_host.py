"""Which Host the application gets, and whether Django takes it."""

import re
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts
from clearway.doctor.hosts import is_allowed
from clearway.fronts.directive import Directive

from .configurations import all_directives
from .nginx import Ground
from .passage import Passage
from .told import FORMS, Untold, checked_origin, of_nginx, pages

_VISITORS = ("$host", "$http_host", "${host}", "${http_host}")
_HOST = re.compile(r"(?:[a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::[0-9]+)?", re.IGNORECASE)  # as Django has it
_UPSTREAM = ("{upstream_hostport}", "{http.reverse_proxy.upstream.hostport}")


def problem(facts: Facts) -> Untold | None:
    """What is wrong with it; None where it is the visitor's, or cannot be told."""
    return next((wrong for found in pages(facts) if (wrong := _problem(facts, found))), None)


def _problem(facts: Facts, found: Passage) -> Untold | None:
    if _is_forwarded(facts, found):
        return None
    given, line = _GIVEN[found.front.name](found)
    if given is None:
        return None
    if given.partition(":")[0].lower() == found.visit.host.lower():
        return _without_port(facts, found, given, line) or _unknown(facts, found, given)
    if not given:
        return Untold("Host is sent to the application more than once", _twice(found), line, is_refused=True)
    allowed = facts.settings["ALLOWED_HOSTS"]
    refused = not _HOST.fullmatch(given) or not is_allowed(given, allowed) or bool(checked_origin(facts, found))
    return Untold(
        f"the application is told that the host is {given}, and visitors use {found.visit.host}",
        (
            f"{found.visit.method} {found.visit.target} for {found.visit.host} → the application gets Host: {given}",
            f"ALLOWED_HOSTS has {', '.join(allowed)}",
        ),
        line,
        is_refused=refused,
        effect=FORMS if checked_origin(facts, found) else "",
    )


def _unknown(facts: Facts, found: Passage, host: str) -> Untold | None:
    """For a described visitor whose host is passed on as it is."""
    hosts = facts.settings["ALLOWED_HOSTS"]
    if not found.walked.is_described or is_allowed(host, hosts):
        return None
    request = f"{found.visit.method} {found.visit.target} for {host}"
    return Untold(
        f"ALLOWED_HOSTS does not have {host}",
        (f"{request} → the application gets Host: {host}, and answers 400", f"ALLOWED_HOSTS has {', '.join(hosts)}"),
        None,
        is_refused=True,
        remedy=f"add {host!r} to ALLOWED_HOSTS",
    )


def _without_port(facts: Facts, found: Passage, host: str, line: Directive | None) -> Untold | None:
    """For a form whose Origin has a port that Host loses on the way: `$host` has none."""
    port = urlsplit(checked_origin(facts, found)).port
    is_lost = line is not None and line.words[-1] in ("$host", "${host}", "$server_name")
    if not port or not is_lost or facts.settings.get("USE_X_FORWARDED_PORT"):
        return None
    origin = checked_origin(facts, found)
    return Untold(
        f"the application is told the host without the port {port}",
        (f"{found.visit.method} {found.visit.target} → Django compares Origin {origin} with {host}, and answers 403",),
        line,
        is_refused=True,
        effect=FORMS,
        remedy="proxy_set_header Host $http_host; which has the port",
    )


def _is_forwarded(facts: Facts, found: Passage) -> bool:
    """Whether Django takes the host from X-Forwarded-Host, and gets it."""
    if not facts.settings.get("USE_X_FORWARDED_HOST"):
        return False
    if found.front.name != "nginx":
        return True
    return any(each.words[1] in _VISITORS for each in of_nginx(Ground(found), "X-Forwarded-Host"))


def _twice(found: Passage) -> tuple[str, ...]:
    return tuple(
        f"{each.location.file}:{each.location.line}: proxy_set_header Host {each.words[1]}"
        for each in of_nginx(Ground(found), "Host")
    )


# --- the value, None where it cannot be told, empty where it is sent twice; and the line


def _of_nginx(found: Passage) -> tuple[str | None, Directive | None]:
    ground = Ground(found)
    lines = of_nginx(ground, "Host")
    if len(lines) > 1:
        return "", lines[1]
    if not lines or lines[0].words[1] == "$proxy_host":
        return _proxied(ground.hands_on), lines[0] if lines else ground.hands_on
    value = lines[0].words[1]
    if value in _VISITORS:
        return found.visit.host, lines[0]
    if value == "$server_name" and ground.server:
        return ground.server.names[0], lines[0]
    return (None if "$" in value else value), lines[0]


def _proxied(line: Directive | None) -> str | None:
    """What stands in proxy_pass: `$proxy_host`."""
    address = line.words[0].partition("://")[2] if line and line.name == "proxy_pass" and line.words else ""
    if not address or "$" in address:
        return None
    return "localhost" if address.startswith("unix:") else address.partition("/")[0].removesuffix(":80")


def _of_apache(found: Passage) -> tuple[str | None, Directive | None]:
    lines = [each for each in all_directives(found.front.configuration) if each.name == "proxypreservehost"]
    if any(each.words and each.words[0].lower() == "on" for each in lines):
        return found.visit.host, None
    return _upstream(found), lines[-1] if lines else None


def _of_caddy(found: Passage) -> tuple[str | None, Directive | None]:
    for each in all_directives(found.front.configuration):
        if each.name == "header_up" and len(each.words) == 2 and each.words[0].lower() == "host":
            return (_upstream(found) if each.words[1] in _UPSTREAM else None), each
    return found.visit.host, None


def _upstream(found: Passage) -> str:
    address = (found.road.outcome.upstream or "").partition("://")[2]
    return "localhost" if address.startswith("unix:") else address.partition("/")[0]


_GIVEN = {"nginx": _of_nginx, "caddy": _of_caddy, "apache": _of_apache}
