"""Redirect and RedirectMatch: of a server before aliases, of a directory after access (mod_alias)."""

from collections.abc import Iterable

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from .patterns import replaced, search
from .refused import Refused
from .request import Request
from .uri import after_prefix, escaped, is_url

NAMES = ("redirect", "redirectmatch", "redirectpermanent", "redirecttemp")
_WORDS = {"permanent": 301, "temp": 302, "seeother": 303, "gone": 410}


def of_server(request: Request) -> None:
    """Those of the virtual host, then of the main server. Raises Refused where one fits."""
    servers = request.configuration.servers
    own = [each for each in request.server.directives if each.name in NAMES]
    if request.server is not servers.main:
        own += [each for each in servers.main.directives if each.name in NAMES]
    _located(request)
    _first(request, own)


def of_directory(request: Request) -> None:
    """Those of sections and .htaccess. Raises Refused where one fits."""
    _located(request)
    found: list[Directive] = []
    for layer in request.scope.layers:
        if layer.kind != "server":
            found = [*(each for each in layer.directives if each.name in NAMES), *found]
    _first(request, found)


def _located(request: Request) -> None:
    """`Redirect URL` without a path, inside a Location."""
    for layer in reversed(request.scope.layers):
        for each in layer.directives:
            status, rest = _parts(each) if each.name in NAMES else (0, ())
            if status and layer.kind in {"location", "locationmatch"} and len(rest) < (1 if status >= 400 else 2):
                raise Unknowable("Redirect inside a Location is an expression.")


def _parts(each: Directive) -> tuple[int, tuple[str, ...]]:
    words = each.words
    if each.name == "redirectpermanent":
        return 301, words
    if words and (words[0].lower() in _WORDS or words[0].isdecimal()) and each.name != "redirecttemp":
        return _WORDS.get(words[0].lower()) or int(words[0]), words[1:]
    return 302, words


def _first(request: Request, rows: Iterable[Directive]) -> None:
    for each in rows:
        status, words = _parts(each)
        if not words:
            continue
        target = words[1] if len(words) > 1 else ""
        found = (
            _regex(words[0], target, request) if each.name == "redirectmatch" else _prefix(words[0], target, request)
        )
        if found is not None:
            request.step("redirect", f"{each.name} {words[0]} answers {status}", each)
            raise Refused(status, _whole(request, found) if 300 <= status < 400 else "")


def _prefix(prefix: str, target: str, request: Request) -> str | None:
    rest = after_prefix(request.path, prefix)
    return None if rest is None else target + escaped(rest)


def _regex(pattern: str, target: str, request: Request) -> str | None:
    groups = search(pattern, request.path)
    if groups is None:
        return None
    new = replaced(target, groups)
    at = min((place for place in map(new.find, "?#") if place >= 0), default=len(new))
    return escaped(new[:at]) + new[at:]


def _whole(request: Request, url: str) -> str:
    whole = request.origin + url if url.startswith("/") else url
    if not is_url(whole):
        raise Refused(500)
    if request.arguments is not None and "?" not in whole:
        whole += f"?{request.arguments}"
    return whole
