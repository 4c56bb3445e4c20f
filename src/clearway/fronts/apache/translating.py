"""From a URL to a path of the disk or to an upstream: the hooks of translate_name, in their order."""

import re
from collections.abc import Iterator

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from . import redirecting, upstreams
from .patterns import replaced, search
from .refused import Refused
from .request import Request
from .rewriting import Rewriter, Rewritten
from .rules import Rule, rules
from .uri import after_prefix, collapsed, escaped, is_url

_SCRIPTS = {"scriptalias": "cgi-script", "scriptaliasmatch": "cgi-script", "wsgiscriptalias": "wsgi-script"}
_FIRST_SEGMENT = re.compile(r"/[^/$%]+(?:/|\Z)")


def translate(request: Request) -> None:
    """Set the file name, or the upstream. Raises Refused for redirects and errors."""
    if request.has("rewrite") and not request.ended and _rewritten(request):
        return
    if request.has("proxy") and upstreams.passed(request):
        return
    if request.has("alias"):
        redirecting.of_server(request)
        if _aliased(request):
            return
    if request.has("wsgi") and _scripted(request):
        return
    for name in ("virtualdocumentroot", "virtualscriptalias"):
        if request.of_server(name):
            raise Unknowable(f"{name} makes a directory of the host's name.")
    request.filename = collapsed(request.root + request.path)
    rule = next(
        iter([*request.server.all("documentroot"), *request.configuration.servers.main.all("documentroot")]), None
    )
    request.step("file", f"DocumentRoot makes it {request.filename}", rule)


def each_of_server(request: Request, *names: str) -> Iterator[Directive]:
    """The directives of the virtual host, then those of the main server."""
    servers = request.configuration.servers
    yield from (each for each in request.server.directives if each.name in names)
    if request.server is not servers.main:
        yield from (each for each in servers.main.directives if each.name in names)


# --- rewriting


def _is_on(request: Request) -> bool:
    given = request.of_server("rewriteengine")
    return bool(given) and given[0].lower() == "on"  # type: ignore[index]


def _rules(request: Request) -> tuple[Rule, ...]:
    servers = request.configuration.servers
    own = rules(request.server.directives)
    for server in (request.server, servers.main):
        for each in server.all("rewriteoptions"):
            if any(word.lower().startswith("inherit") for word in each.words):
                raise Unknowable("RewriteOptions Inherit joins the rules of several servers.")
    return own


def _rewritten(request: Request) -> bool:
    if not _is_on(request):
        return False
    found = _rules(request)
    if not found:
        return False
    request.filename = request.path
    result = Rewriter(request, found).run()
    _forced(request, result)
    if result.is_status:
        raise Refused(result.status or 500, is_fresh=True)
    if not result.changed:
        request.filename = ""
        return False
    if result.is_proxied:
        upstreams.reach(request, result.path, result.rule.directive if result.rule else None)
        return True
    if is_url(result.path) and not result.passes:
        raise Refused(result.status or 302, redirected(request, result), is_fresh=True)
    if result.passes:
        request.path, request.filename = result.path, ""
    if not result.path.startswith("/"):
        raise Refused(400)
    if result.passes:
        return False
    request.filename = collapsed(_placed(request, result))
    return True


def _forced(request: Request, result: Rewritten) -> None:
    if result.sets_type or result.sets_handler:
        raise Unknowable("RewriteRule [T] or [H] sets a type or a handler.")


def redirected(request: Request, result: Rewritten) -> str:
    """The address of a redirect, with what is left of the arguments."""
    head = re.match(r"[a-zA-Z]+://[^/?]*", result.path)
    start = head.end() if head else 0
    path = escaped(result.path[start:]) if result.escapes else result.path[start:]
    arguments = request.arguments
    if arguments and result.escapes:
        arguments = escaped(arguments) if result.rule and "?" in result.rule.result else arguments
    return result.path[:start] + path + (f"?{arguments}" if arguments is not None else "")


def _placed(request: Request, result: Rewritten) -> str:
    """Below DocumentRoot, unless the first segment is a directory of the disk (prefix_stat)."""
    written = result.rule.result if result.rule else ""
    if result.path == "/":
        return "/"  # the root of the disk is always there
    first = re.match(r"/[^/]+", result.path)
    is_fixed = _FIRST_SEGMENT.match(written) or not first
    unsafe = bool(result.rule and "unsafeprefixstat" in result.rule.flags)
    if first and (is_fixed or unsafe) and request.look(first[0]).exists:
        return result.path
    return request.root + result.path


# --- aliases


def _aliased(request: Request) -> bool:
    names = ("alias", "aliasmatch", "scriptalias", "scriptaliasmatch")
    for layer in reversed(request.scope.layers):
        if layer.kind in {"location", "locationmatch"} and layer.has(*names):
            raise Unknowable("Alias inside a Location is an expression.")
    for each in each_of_server(request, *names):
        if len(each.words) == 2 and (path := _target(each, request)) is not None:
            return _found(request, each, path)
    return False


def _target(each: Directive, request: Request) -> str | None:
    if each.name.endswith("match"):
        groups = search(each.words[0], request.path)
        return None if groups is None else replaced(each.words[1], groups)
    prefix = "" if each.name == "wsgiscriptalias" and each.words[0] == "/" else each.words[0]
    rest = after_prefix(request.path, prefix) if prefix else request.path
    if rest is None:
        return None
    request.context = (each.words[0].rstrip("/"), request.configuration.full(each.words[1]).rstrip("/"))
    return each.words[1] + rest


def _found(request: Request, each: Directive, path: str) -> bool:
    request.filename = collapsed(request.configuration.full(path))
    request.handler = _SCRIPTS.get(each.name, "")
    request.script = bool(request.handler)
    request.step("alias", f"{each.words[0]} stands for {each.words[1]}: {request.filename}", each)
    return True


def _scripted(request: Request) -> bool:
    for each in each_of_server(request, "wsgiscriptalias", "wsgiscriptaliasmatch"):
        if len(each.words) >= 2 and (path := _target(each, request)) is not None:
            request.filename = collapsed(request.configuration.full(path))
            request.handler, request.script = "wsgi-script", True
            request.step("application", f"WSGIScriptAlias {each.words[0]} hands it to {each.words[1]}", each)
            return True
    return False
