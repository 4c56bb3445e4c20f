"""A directory is asked for: its slash, its index, a list; and what answers for what is not there (mod_dir)."""

from collections.abc import Callable

from clearway.fronts.files import Kind
from clearway.fronts.unknowable import Unknowable

from .options import options
from .refused import Refused
from .request import Request
from .uri import escaped

# A subrequest for a path of the URL, with its arguments; it has its status.
Lookup = Callable[[Request, str, str | None], Request]


def fix_up(request: Request, lookup: Lookup) -> Request:
    """The request that goes on: itself, or its index. Raises Refused."""
    if not request.entry or not request.has("dir"):
        return request
    if request.entry.kind is Kind.DIRECTORY:
        return _directory(request, lookup)
    if not request.entry.exists and not request.handler and not request.pending:
        return _fallback(request, lookup)
    return request


def _directory(request: Request, lookup: Lookup) -> Request:
    if request.path_info:
        return request
    if not request.path.endswith("/"):
        if not request.scope.is_on("directoryslash", default=True):
            return request
        arguments = f"?{request.arguments}" if request.arguments is not None else ""
        rule = request.scope.last("directoryslash")
        request.step("directory", f"{request.filename} is a directory, and the URL has no slash: 301", rule)
        raise Refused(301, f"{request.origin}{escaped(request.path)}/{arguments}")
    return request if request.pending else _index(request, lookup)


def _names(request: Request) -> list[str]:
    layer = request.scope.strongest("directoryindex")
    found: list[str] = []
    for each in layer.directives if layer else ():
        if each.name == "directoryindex":
            found = [] if [word.lower() for word in each.words] == ["disabled"] else [*found, *each.words]
    return found if layer else ["index.html"]


def _index(request: Request, lookup: Lookup) -> Request:
    names, error = _names(request), 0
    redirect = request.scope.word("directoryindexredirect", "off")
    for place, name in enumerate(names, 1):
        path = name if name.startswith("/") else request.path + name
        path, mark, arguments = path.partition("?")
        found = lookup(request, path, arguments if mark else request.arguments)
        if found.status == 200 and (found.upstream or (found.entry and found.entry.kind is Kind.FILE)):
            if redirect != "off":
                raise Unknowable("DirectoryIndexRedirect answers with a redirect to the index.")
            request.step("index", f"DirectoryIndex {name}", request.scope.last("directoryindex"))
            return found
        if 300 <= found.status < 400 or (found.status in {401, 406} and place == len(names)):
            request.challenge = request.challenge[:] or found.challenge  # its own from here on (apr_table_overlay)
            raise Refused(found.status, found.location)
        if found.status not in {200, 404}:
            error = found.status
    if error:
        raise Refused(error)
    return request


def _fallback(request: Request, lookup: Lookup) -> Request:
    """Also that of a missing index, for which it is the lookup's."""
    rule = request.scope.last("fallbackresource")
    if not rule or rule.words[0].lower() == "disabled":
        return request
    written = rule.words[0]
    path = written if written.startswith("/") else request.path.rpartition("/")[0] + "/" + written
    found = lookup(request, path, request.arguments)
    if found.status == 200 and (found.upstream or (found.entry and found.entry.kind is Kind.FILE)):
        request.step("fallback", f"FallbackResource {written} answers", rule)
        return found
    if found.status not in {200, 404}:
        raise Refused(found.status, found.location)
    return request


def listed(request: Request) -> int:
    """The status of a directory that has no index: a list, 403 without it, 404 where nobody lists."""
    if not request.has("autoindex"):
        return 404
    if "indexes" in options(request.scope):
        entry = request.look(request.filename)
        return 200 if entry.readable else 403
    return 403
