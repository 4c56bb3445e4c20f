"""The variables that a request is given: SetEnvIf, BrowserMatch, SetEnv (mod_setenvif, mod_env)."""

from collections.abc import Iterable

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from .patterns import replaced, search
from .request import Request

_MATCHED = ("setenvif", "setenvifnocase", "browsermatch", "browsermatchnocase")


def at_start(request: Request) -> None:
    """Those of the server; a subrequest has those of its main one."""
    if request.main is not None:
        request.environ = dict(request.main.environ)
        return
    servers = request.configuration.servers
    rows = list(servers.main.directives)
    _match(request, rows if request.server is servers.main else [*rows, *request.server.directives])


def in_sections(request: Request) -> None:
    """Those of directories and locations."""
    if request.main is None:
        for layer in request.scope.layers:
            if layer.kind != "server":
                _match(request, layer.directives)


def at_end(request: Request) -> None:
    """SetEnv, which holds from the fixups on."""
    for each in request.scope.all("setenv", "unsetenv"):
        if each.name == "setenv":
            request.environ[each.words[0]] = each.words[1] if len(each.words) > 1 else ""
        else:
            for name in each.words:
                request.environ.pop(name, None)


def _match(request: Request, directives: Iterable[Directive]) -> None:
    for each in directives:
        if each.name not in _MATCHED or not request.has("setenvif"):
            continue
        words = each.words if each.name.startswith("setenv") else ("User-Agent", *each.words)
        groups = search(words[1], _value(words[0], request), each.name.endswith("nocase"))
        if groups is not None:
            _set(request, words[2:], groups)


def _set(request: Request, names: tuple[str, ...], groups: tuple[str, ...]) -> None:
    for name in names:
        if name.startswith("!"):
            request.environ.pop(name[1:], None)
        else:
            key, equals, value = name.partition("=")
            request.environ[key] = replaced(value, groups) if equals else "1"


def _value(name: str, request: Request) -> str:
    visit = request.visit
    own = {
        "request_uri": request.path,
        "remote_addr": visit.client,
        "request_method": request.method,
        "request_protocol": "HTTP/1.1" if visit.host else "HTTP/1.0",
        "server_addr": visit.address,
        "host": visit.host,
    }
    lower = name.lower()
    if lower in {"remote_host", "remote_user"} or (lower in own and own[lower] is None):
        raise Unknowable(f"SetEnvIf {name} looks at what cannot be known from here.")
    return own.get(lower) or visit.fields.get(lower) or request.environ.get(name, "")


def is_set(condition: str, request: Request) -> bool:
    """`NAME` or `!NAME` behind `env=`."""
    return (condition.removeprefix("!") in request.environ) != condition.startswith("!")
