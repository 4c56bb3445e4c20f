"""ProxyPass and ProxyPassMatch: which upstream is asked, and for what (mod_proxy)."""

import re
from collections.abc import Iterator

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from .patterns import replaced, search
from .request import Request
from .uri import after_prefix, escaped_for_proxy

_UNIX = re.compile(r"unix:(?P<socket>[^|]+)\|(?P<scheme>[a-z]+):(?://[^/]*)?(?P<path>.*)", re.DOTALL)
_PLAIN = re.compile(r"(?P<head>[a-z0-9+]+://[^/?]+)(?P<path>.*)", re.DOTALL)


def passed(request: Request) -> bool:
    """Whether a ProxyPass takes the request."""
    for each, words in _rows(request):
        if len(words) < 2:
            continue
        found = _target(each, words, request)
        if found is None:
            continue
        if words[1] == "!":
            request.step("proxy", f"{words[0]} is kept from the proxy", each)
            return False
        if "interpolate" in words[2:]:
            raise Unknowable("ProxyPassInterpolateEnv makes the address of the environment.")
        rest = after_prefix(request.path, words[0]) if each.name == "proxypass" else None
        raw = "nocanon" in words[2:] and (rest is None or _is_raw(request, words, rest))
        reach(request, found, each, raw=raw, words=words)
        return True
    return False


def _rows(request: Request) -> Iterator[tuple[Directive, tuple[str, ...]]]:
    """Those of the locations that fit, then the server's in their order."""
    for layer in reversed(request.scope.layers):
        if layer.kind in {"location", "locationmatch"} and layer.section:
            own = [each for each in layer.directives if each.name in {"proxypass", "proxypassmatch"}]
            if own and own[-1].words[0] != "!":
                yield own[-1], (layer.section.words[-1], *own[-1].words)
            elif own:
                yield own[-1], (layer.section.words[-1], "!")
            if own:
                break
    servers = request.configuration.servers
    for server in dict.fromkeys((request.server, servers.main)):
        for each in server.directives:
            if each.name in {"proxypass", "proxypassmatch"}:
                yield each, each.words


def _target(each: Directive, words: tuple[str, ...], request: Request) -> str | None:
    if each.name == "proxypassmatch":
        groups = search(words[0], request.path)
        if groups is None:
            return None
        return replaced(words[1], groups) if "$" in words[1] else words[1] + request.path
    rest = after_prefix(request.path, words[0])
    if rest is None:
        return None
    if _is_raw(request, words, rest):
        rest = after_prefix(request.raw, words[0]) or ""
    return words[1] + rest


def _is_raw(request: Request, words: tuple[str, ...], rest: str) -> bool:
    """`nocanon`, where as much of the target fits as of the path that was made of it."""
    if "nocanon" not in words[2:]:
        return False
    sent = after_prefix(request.raw, words[0])
    return sent is not None and len(request.raw) - len(sent) == len(request.path) - len(rest)


def reach(
    request: Request, address: str, rule: Directive | None, *, raw: bool = False, words: tuple[str, ...] = ()
) -> None:
    """Hand the request to an address, its path written as httpd writes it."""
    arguments = f"?{request.arguments}" if request.arguments is not None else ""
    if unix := _UNIX.fullmatch(address):
        path = unix["path"] or "/"
        request.upstream = (
            f"{unix['scheme']}://unix:{unix['socket']}:{path if raw else escaped_for_proxy(path)}{arguments}"
        )
    elif plain := _PLAIN.match(address):
        path = plain["path"] or "/"
        path = path if path.startswith("/") else "/" + path
        request.upstream = plain["head"] + (path if raw else escaped_for_proxy(path)) + arguments
    else:
        raise Unknowable(f"The address {address} of the proxy is not understood.")
    request.handler = "proxy-server"
    request.step("proxy", f"{words[0] if words else 'a rule'} is handed to {request.upstream}", rule)
