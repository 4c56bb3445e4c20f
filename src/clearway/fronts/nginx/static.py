"""The file of a path, or its compressed neighbour (ngx_http_static_module, ngx_http_gzip_static_module)."""

from clearway.fronts.files import Entry, Kind
from clearway.fronts.nginx import disk, paths, types
from clearway.fronts.nginx.request import Ending, Request, Served, Status

# What open(2) answers, as a status; EACCES and ELOOP are 403, and what is nothing known is 500.
_STATUS = {
    Kind.MISSING: 404,
    Kind.PARENT_IS_FILE: 404,
    Kind.TOO_LONG: 404,
    Kind.DENIED_PARENT: 403,
    Kind.LOOP: 403,
}
# In the order in which they are asked: the last module that was loaded first.
_NEIGHBOURS = (("zstd", "zstd_static", ".zst"), ("br", "brotli_static", ".br"), ("gzip", "gzip_static", ".gz"))


def compressed(request: Request) -> Ending | None:
    """A neighbour that the client accepts; None where there is none. Raises Unknowable, paths.NotMapped."""
    if request.method not in {"GET", "HEAD"}:
        return None
    for coding, directive, suffix in _NEIGHBOURS:
        ending = _neighbour(request, coding, directive, suffix)
        if ending:
            return ending
    return None


def _neighbour(request: Request, coding: str, directive: str, suffix: str) -> Ending | None:
    mode = request.scope.word(directive, "off")
    accepted = accepts(request, coding)
    if mode not in {"on", "always"} or (mode == "on" and not accepted and not request.scope.is_on("gzip_vary")):
        return None
    path = paths.name(request) + suffix
    entry = disk.look(request, path)
    if not entry.exists or not entry.readable:
        if entry.exists or entry.kind not in {Kind.MISSING, Kind.PARENT_IS_FILE, Kind.TOO_LONG}:
            request.step("file", f"{paths.plain(path)} cannot be read, so the plain file answers: {entry.reason}")
        return None
    if mode == "on":
        request.vary = True
        if not accepted:
            return None
    if entry.kind is Kind.DIRECTORY:
        return None
    if entry.kind is not Kind.FILE:
        return _refused(request, path, "is no regular file", 404)
    rule = request.scope.nearest(directive)[-1]
    request.step("file", f"{paths.plain(path)}: {directive} is {mode} and the client accepts {coding}", rule)
    return Served(200, file=path, entry=entry, type=types.of(request), coding=coding)


def run(request: Request) -> Ending:
    """The file itself. Raises Unknowable, paths.NotMapped."""
    ground = paths.ground(request)
    path = ground.directory + paths.rest(request, ground.alias)
    entry = disk.look(request, path)
    blocked = _blocked(request, path, entry)
    if blocked:
        return blocked
    if entry.kind is Kind.DIRECTORY:
        return _slashed(request, path)
    if entry.kind is not Kind.FILE:
        return _refused(request, path, "is no regular file", 404)
    if request.method == "POST":
        return _refused(request, path, "is a file, and a file takes no POST", 405)
    request.step("file", paths.plain(path), ground.directive)
    return Served(200, file=path, entry=entry, type=types.of(request))


def _blocked(request: Request, path: str, entry: Entry) -> Status | None:
    if not entry.exists:
        status = _STATUS.get(entry.kind, 500)
        layer = "permission" if status == 403 else "file"
        why = entry.reason if status != 404 else _missing(request, path, entry)
        return _refused(request, path, why, status, layer)
    if not entry.readable and entry.kind is not Kind.OTHER:
        return _refused(request, path, entry.reason or "cannot be read by the worker", 403, "permission")
    return None


def _missing(request: Request, path: str, entry: Entry) -> str:
    """With what is missing of the way, and what people mistake here."""
    shown = paths.plain(path)
    where = f" ({entry.reason})" if entry.reason and entry.blocking != shown else ""
    return f"does not exist{where}{_mistake(request)}"


def _mistake(request: Request) -> str:
    ground, location = paths.ground(request), request.scope.location
    name = location.name if location and not location.regex else ""
    if ground.alias > 0 and name.endswith("/") and not ground.directory.endswith("/"):
        return "; the location ends in a slash and the alias does not"
    if ground.alias == 0 and len(name) > 1 and f"{ground.directory}/".endswith(f"{name.rstrip('/')}/"):
        return f"; root is put before the whole path, so {name} is there twice"
    return ""


def _refused(request: Request, path: str, why: str, status: int, layer: str = "file") -> Status:
    directive = paths.ground(request).directive
    where = "" if directive else " (no root or alias is set: this is the default)"
    request.step(layer, f"{paths.plain(path)} {why}{where}: {status}", directive or request.scope, ok=False)
    return Status(status)


def _slashed(request: Request, path: str) -> Status:
    request.location = request.location_of(request.path + "/")
    request.step("file", f"{paths.plain(path)} is a directory: its address ends in a slash", request.scope)
    return Status(301)


def accepts(request: Request, coding: str) -> bool:
    """Whether Accept-Encoding names the coding with a weight above zero, and no proxy stands before nginx."""
    if "via" in request.visit.fields and not _proxied(request):
        return False
    for part in request.visit.fields.get("accept-encoding", "").split(","):
        name, _, parameter = part.partition(";")
        if name.strip().lower() == coding:
            weight = parameter.strip().lower().removeprefix("q").strip().removeprefix("=").strip()
            return not parameter or weight.rstrip("0").rstrip(".") not in {"", "0"}
    return False


def _proxied(request: Request) -> bool:
    """`gzip_proxied`: for a request with Via."""
    return "any" in [word for each in request.scope.nearest("gzip_proxied") for word in each.words]
