"""`index` and `autoindex`: what answers a path that ends in a slash (ngx_http_index_module)."""

from clearway.fronts.directive import Directive
from clearway.fronts.files import Entry, Kind
from clearway.fronts.nginx import disk, paths
from clearway.fronts.nginx.request import Ending, Request, Served, Status

_REFUSED = frozenset({Kind.DENIED_PARENT, Kind.LOOP})


def run(request: Request) -> Ending | None:
    """None where the directory has no index and is not listed. Raises Unknowable, paths.NotMapped."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return None
    rules = request.scope.nearest("index")
    words: list[tuple[str, Directive | None]] = [(word, rule) for rule in rules for word in rule.words]
    is_tested = False
    for word, rule in words or [("index.html", None)]:
        name = request.text(word)
        if name.startswith("/"):
            request.step("index", f"index {name} is an address of its own", rule)
            return request.redirect(name, request.arguments)
        base = paths.name(request)
        entry = disk.look(request, base + name)
        if entry.exists:
            request.step("index", f"the index of {base} is {name}", rule)
            return request.redirect(request.path + name, request.arguments)
        ending = _unusable(request, base + name, entry, rule) or (None if is_tested else _test(request, base, rule))
        if ending:
            return ending
        is_tested = True
    return _listed(request)


def _unusable(request: Request, path: str, entry: Entry, rule: Directive | None) -> Status | None:
    if entry.kind in _REFUSED:
        return _end(request, f"{path}: {entry.reason}", rule, 403, "permission")
    if entry.kind in {Kind.PARENT_IS_FILE, Kind.TOO_LONG}:
        return _end(request, f"{path}: {entry.reason}", rule, 404)
    return None


def _test(request: Request, base: str, rule: Directive | None) -> Status | None:
    """Whether the directory itself is there: asked once, after its first index was missing."""
    directory = disk.look(request, base.removesuffix("/") or "/")
    if directory.kind in {Kind.DIRECTORY, Kind.DENIED_PARENT}:
        return None
    if directory.kind is Kind.MISSING:
        return _end(request, f"the directory {base} is missing", rule, 404)
    if directory.kind is Kind.LOOP:
        return _end(request, f"{base}: {directory.reason}", rule, 403)
    return _end(request, f"{base} is not a directory", rule, 500)


def _listed(request: Request) -> Ending | None:
    if not request.scope.is_on("autoindex") or request.method not in {"GET", "HEAD"}:
        return None
    base = paths.name(request)
    entry = disk.look(request, base[:-1] or "/")  # nginx takes off the last character, whatever it is
    rule = request.scope.nearest("autoindex")[-1]
    if entry.kind is Kind.DIRECTORY and entry.readable:
        request.step("index", f"{base} has no index and is listed: autoindex is on", rule)
        return Served(200, type=_FORMATS.get(request.scope.word("autoindex_format", "html"), "text/html"))
    if entry.kind in {Kind.MISSING, Kind.PARENT_IS_FILE, Kind.TOO_LONG}:
        return _end(request, f"the directory {base} is missing", rule, 404)
    return _end(request, f"{base} cannot be listed: {entry.reason}", rule, 403, "permission")


_FORMATS = {
    "html": "text/html",
    "xml": "text/xml",
    "json": "application/json",
    "jsonp": "application/javascript",
}


def _end(request: Request, why: str, rule: Directive | None, status: int, layer: str = "index") -> Status:
    request.step(layer, f"{why}: {status}", rule, ok=False)
    return Status(status)
