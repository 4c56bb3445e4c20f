"""`try_files`: the first of several names that is there, else another address (ngx_http_try_files_module)."""

from clearway.fronts.directive import Directive
from clearway.fronts.files import Kind
from clearway.fronts.nginx import disk, paths
from clearway.fronts.nginx.request import Ending, Request, Status
from clearway.fronts.nginx.value import has_variables
from clearway.fronts.unknowable import Unknowable

_BLOCKED = frozenset({Kind.DENIED_PARENT, Kind.LOOP})  # what may be there, and counts as missing


def run(request: Request) -> Ending | None:
    """Of the level the request is at; it is not inherited. None where the request goes on. Raises Unknowable."""
    rules = request.scope.here("try_files")
    if not rules:
        return None
    rule = rules[-1]
    try:
        ground = paths.ground(request)
        paths.rest(request, ground.alias)
    except paths.NotMapped:
        request.step(
            "try_files", "the alias cannot be used since a rewrite ... break changed the path: 500", rule, ok=False
        )
        return Status(500)
    missed: dict[str, str] = {}
    for word in rule.words[:-1]:
        name = _name(request, word.removesuffix("/"), ground)
        shown, entry = paths.plain(ground.directory + name), disk.look(request, ground.directory + name)
        if entry.exists and (entry.kind is Kind.DIRECTORY) is word.endswith("/"):
            _take(request, word, name, ground)
            request.step("try_files", f"{shown} is there", rule)
            return None
        missed[shown] = entry.reason if entry.kind in _BLOCKED else ""
    return _otherwise(request, rule, ground, missed)


def _name(request: Request, word: str, ground: paths.Ground) -> str:
    """A name below the directory; where an alias stands for the location, its name is taken off."""
    name = request.text(word)
    if has_variables(word) and ground.alias > 0 and name.startswith(request.path[: ground.alias]):
        return name[ground.alias :]
    return name


def _take(request: Request, word: str, name: str, ground: paths.Ground) -> None:
    """The request's path becomes the name; the location stays."""
    if ground.alias == paths.REGEX:
        if not word.endswith("/"):
            request.path, request.adds_path_to_alias = name, True
    else:
        request.path = request.path[: ground.alias] + name


def _otherwise(request: Request, rule: Directive, ground: paths.Ground, missed: dict[str, str]) -> Ending:
    blocked = {path: why for path, why in missed.items() if why}
    for path, why in blocked.items():
        request.step("permission", f"{path}: {why}; to try_files it is missing", rule, ok=False)
    said = f"try_files finds nothing at {' nor '.join(missed)}"
    last = rule.words[-1]
    if last.startswith("=") and not has_variables(last):
        code = int(last[1:])
        request.step("try_files", f"{said}: {code}", rule, ok=bool(blocked) or code < 400)
        return Status(code)
    target = _name(request, last, ground)
    request.step("try_files", f"{said}, and goes on with {target}", rule)
    if target.startswith("@"):
        return request.go_to_named(target)
    path, _, arguments = target.partition("?")
    if not path:  # nginx reads the byte before it then
        raise Unknowable(f"try_files at {rule.location.file}:{rule.location.line} goes on with an empty path.")
    return request.redirect(path, arguments)
