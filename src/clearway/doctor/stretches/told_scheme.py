"""Whether the application is told that a visitor uses HTTPS."""

from urllib.parse import urlsplit

from clearway.doctor.facts import Facts
from clearway.fronts.directive import Directive
from clearway.fronts.nginx.listen import listens

from .configurations import all_directives
from .nginx import Ground
from .passage import Passage
from .told import FORMS, Untold, checked_origin, of_nginx, pages

_LOCAL = ("unix:", "127.", "localhost", "[::1]")


def problem(facts: Facts) -> Untold | None:
    """What is wrong with the field; None where nothing is, or it cannot be told."""
    return next((wrong for found in pages(facts) if (wrong := _problem(facts, found))), None)


def unread(facts: Facts) -> Passage | None:
    """A page by https whose field is sent to another machine, where no server of applications believes it unasked.

    gunicorn and uvicorn read the field by themselves of 127.0.0.1 and of sockets in the file system only.
    """
    for found in pages(facts):
        values, _ = _told(found, facts.site.scheme_field)
        if found.front.name == "nginx" and found.visit.scheme == "https" and values and not _is_local(found):
            return found
    return None


def _is_local(found: Passage) -> bool:
    name = urlsplit(found.road.outcome.upstream or "").netloc.rpartition("@")[2]
    block = found.front.configuration.http.upstreams.get(name)
    named = [each.words[0] for each in block.all("server") if each.words] if block else [name]
    return any(each.startswith(_LOCAL) for each in named)


def _problem(facts: Facts, found: Passage) -> Untold | None:
    if found.front.name == "caddy":
        return None
    redirects, trusts = bool(facts.settings.get("SECURE_SSL_REDIRECT")), facts.site.reads_scheme
    origin = checked_origin(facts, found)
    is_secure = origin.startswith("https:") or found.visit.fields.get("x-forwarded-proto") == "https"
    if not (redirects or trusts or is_secure):
        return None
    field = facts.site.scheme_field
    values, line = _told(found, field)
    if found.visit.scheme == "https":
        return _of_tls(facts, found, field, values, line)
    if (is_secure or (redirects and trusts)) and values in (["$scheme"], ["http"]) and _is_plain(found):
        return Untold(
            f"{field} is overwritten with http, though visitors come by https to a server before this one",
            (
                "no server of this configuration listens with TLS",
                _compared(origin) if origin else f"SECURE_SSL_REDIRECT is {redirects}",
            ),
            line,
            is_refused=redirects or bool(origin),
            effect=FORMS if origin and not redirects else "",
            remedy=f"pass on what came: proxy_set_header {field} $http_x_forwarded_proto;",
        )
    return None


def _compared(origin: str) -> str:
    return f"Django compares Origin {origin} with {origin.replace('https:', 'http:', 1)}, and answers 403"


def _of_tls(facts: Facts, found: Passage, field: str, values: list[str], line: Directive | None) -> Untold | None:
    header = facts.settings.get("SECURE_PROXY_SSL_HEADER")
    secure = header[1] if header else "https"
    good = [each for each in values if each == secure or "$" in each]
    redirects = bool(facts.settings.get("SECURE_SSL_REDIRECT"))
    origin = checked_origin(facts, found)
    if good or (not facts.site.reads_scheme and values):
        return None
    said = f"{field} is {values[0]}" if values else f"{field} is not sent"
    hands_on = Ground(found).hands_on if found.front.name == "nginx" else None
    url = f"{found.visit.scheme}://{found.visit.host}{found.visit.target}"
    return Untold(
        f"the application is not told that visitors use HTTPS: {said}",
        (
            f"{found.visit.method} {url} → {found.road.outcome.upstream}, {said}",
            _compared(origin)
            if origin
            else f"SECURE_PROXY_SSL_HEADER is {header!r}, SECURE_SSL_REDIRECT is {redirects}",
        ),
        line or hands_on,
        is_refused=redirects or bool(origin),
        effect=FORMS if origin and not redirects else "",
        remedy=_REMEDIES[found.front.name].format(field=field),
    )


_REMEDIES = {
    "nginx": "proxy_set_header {field} $scheme; in the location that hands on",
    "apache": 'RequestHeader set {field} "https" in the virtual host with TLS',
}


def _told(found: Passage, field: str) -> tuple[list[str], Directive | None]:
    """The values that are sent, and the last line."""
    if found.front.name == "nginx":
        lines = of_nginx(Ground(found), field)
        return [each.words[1] for each in lines], lines[-1] if lines else None
    headers = [each for each in all_directives(found.front.configuration) if each.name == "requestheader"]
    own = [each for each in headers if len(each.words) > 2 and each.words[1].lower() == field.lower()]
    return ["$scheme" if "%{" in each.words[2] else each.words[2] for each in own], own[-1] if own else None


def _is_plain(found: Passage) -> bool:
    if found.front.name != "nginx":
        return False
    return not any(each.ssl for server in found.front.configuration.http.servers for each in listens(server))
