"""Which sections fit: Directory, Files, Location and If, each in its order (server/request.c)."""

from collections.abc import Iterator

from clearway.fronts.directive import Directive

from . import expressions
from .patterns import fits, is_wild, search
from .request import Request
from .scope import Layer
from .uri import collapsed


def layer(section: Directive, directory: str | None = None) -> Layer:
    """What a section adds."""
    return Layer(section.block or (), section.name, directory, section)


def is_regex(section: Directive) -> bool:
    return section.name.endswith("match") or section.words[:1] == ("~",)


def pattern(section: Directive) -> str:
    return section.words[-1] if section.words else ""


def _sections(request: Request, *names: str) -> list[Directive]:
    servers = request.configuration.servers
    own = [each for each in servers.main.directives if each.name in names]
    if request.server is not servers.main:
        own += [each for each in request.server.directives if each.name in names]
    return own


def directories(request: Request) -> list[tuple[int, str, Directive]]:
    """(number of segments, path, section) of those that are no regular expressions."""
    rows = []
    for each in _sections(request, "directory"):
        if not is_regex(each):
            path = collapsed(request.configuration.full(pattern(each))).rstrip("/")
            rows.append((path.count("/"), path, each))
    return rows


def of_directory(rows: list[tuple[int, str, Directive]], path: str) -> Iterator[Layer]:
    """Those of one directory, named without a slash at the end."""
    depth = path.count("/")
    for segments, wanted, section in rows:
        if segments == depth and (path == wanted or (is_wild(wanted) and fits(path, wanted))):
            yield layer(section, path + "/")


def directory_matches(request: Request) -> Iterator[Layer]:
    """The regular expressions over the whole path, sorted like paths (ap_core_reorder_directories)."""
    for each in sorted(_sections(request, "directory", "directorymatch"), key=lambda each: pattern(each).count("/")):
        if is_regex(each) and search(pattern(each), request.filename) is not None:
            yield layer(each, pattern(each))


def files(request: Request) -> Iterator[Layer]:
    """Files and FilesMatch, from the weakest layer on."""
    name = request.filename.rpartition("/")[2]
    if name:
        for held in request.scope.layers:
            yield from (layer(each, held.directory) for each in held.directives if _names(each, name))


def _names(section: Directive, name: str) -> bool:
    if section.name not in {"files", "filesmatch"}:
        return False
    wanted = pattern(section)
    if is_regex(section):
        return search(wanted, name) is not None
    return fits(name, wanted) if is_wild(wanted) else name == wanted


def locations(request: Request) -> Iterator[Layer]:
    """Those that fit the path of the URL, in their order."""
    for each in _sections(request, "location", "locationmatch"):
        if _covers(each, request.path):
            yield layer(each, None)


def _covers(section: Directive, path: str) -> bool:
    wanted = pattern(section)
    if is_regex(section):
        return search(wanted, path) is not None
    if is_wild(wanted):
        return fits(path, wanted)
    bare = path.startswith(wanted)
    return bare and (wanted.endswith("/") or path[len(wanted) : len(wanted) + 1] in ("", "/"))


def conditions(request: Request) -> Iterator[Layer]:
    """If, ElseIf and Else in every layer."""
    for held in request.scope.layers:
        taken = False
        for each in held.directives:
            if each.name == "if":
                taken = expressions.holds(each.words[0], request, varies=True)
            elif each.name == "elseif":
                if taken:
                    continue
                taken = expressions.holds(each.words[0], request, varies=True)
            elif each.name == "else":
                if not taken:
                    yield layer(each, held.directory)
                continue
            else:
                continue
            if taken:
                yield layer(each, held.directory)
