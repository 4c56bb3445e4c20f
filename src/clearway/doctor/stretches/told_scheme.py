"""Whether the application is told that a visitor uses HTTPS."""

from clearway.doctor.facts import Facts
from clearway.fronts.directive import Directive
from clearway.fronts.nginx.listen import listens

from .configurations import all_directives
from .nginx import Ground
from .passage import Passage
from .told import Untold, of_nginx, page


def problem(facts: Facts) -> Untold | None:
    """What is wrong with the field; None where nothing is, or it cannot be told."""
    found = page(facts)
    if found is None or found.front.name == "caddy":
        return None
    redirects, trusts = bool(facts.settings.get("SECURE_SSL_REDIRECT")), facts.site.reads_scheme
    if not (redirects or trusts):
        return None
    field = facts.site.scheme_field
    values, line = _told(found, field)
    if found.visit.scheme == "https":
        return _of_tls(facts, found, field, values, line)
    if redirects and trusts and values in (["$scheme"], ["http"]) and _is_plain(found):
        return Untold(
            f"{field} is overwritten with http, which this server gets from whoever ends TLS before it",
            (
                "no server of this configuration listens with TLS",
                "SECURE_SSL_REDIRECT is on",
            ),
            line,
            is_refused=True,
            remedy=f"pass on what came: proxy_set_header {field} $http_x_forwarded_proto;",
        )
    return None


def _of_tls(facts: Facts, found: Passage, field: str, values: list[str], line: Directive | None) -> Untold | None:
    header = facts.settings.get("SECURE_PROXY_SSL_HEADER")
    secure = header[1] if header else "https"
    good = [each for each in values if each == secure or "$" in each]
    redirects = bool(facts.settings.get("SECURE_SSL_REDIRECT"))
    if good or (not facts.site.reads_scheme and values):
        return None
    said = f"{field} is {values[0]}" if values else f"{field} is not sent"
    hands_on = Ground(found).hands_on if found.front.name == "nginx" else None
    return Untold(
        f"the application is not told that visitors use HTTPS: {said}",
        (
            f"GET {found.visit.scheme}://{found.visit.host}/ → {found.road.outcome.upstream}, {said}",
            f"SECURE_PROXY_SSL_HEADER is {header!r}, SECURE_SSL_REDIRECT is {redirects}",
        ),
        line or hands_on,
        is_refused=redirects,
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
