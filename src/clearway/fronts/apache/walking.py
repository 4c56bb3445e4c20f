"""From the path of the disk to the file: directory by directory, with sections and .htaccess (ap_directory_walk)."""

from clearway.fronts.errors import ConfigurationError
from clearway.fronts.files import Entry, Kind
from clearway.fronts.unknowable import Unknowable

from . import options, sections
from .reading import read_override
from .refused import Refused
from .request import Request
from .scope import Layer, Scope
from .uri import collapsed

_GONE = Entry(Kind.MISSING)


def walk(request: Request) -> None:
    """Find the file and the sections of its directories. Raises Refused with 403 or 500, Unknowable."""
    whole = collapsed(request.filename)
    entry = request.look(whole)
    is_known = entry.exists and (entry.kind is Kind.DIRECTORY or not whole.endswith("/"))
    try:
        _Walk(request, whole, entry, is_known).run()
    except Refused:
        request.scope, request.entry = request.base(), entry if is_known else _GONE
        raise
    if is_known:
        request.entry, request.filename, request.path_info = entry, whole, ""
    request.walked = _matched(request)
    for each in request.walked[1]:
        request.scope = request.scope.plus(each)


def _matched(request: Request) -> tuple[str, list[Layer]]:
    """The regular expressions that fit; what another request has found of the same directory is taken over."""
    assert request.entry
    is_directory = request.entry.kind is Kind.DIRECTORY
    place = request.filename.rstrip("/") + "/" if is_directory else _parent(request.filename)
    before = request.main or request.previous
    if before and before.walked and before.walked[0] == place and request.entry.exists and not request.path_info:
        return before.walked
    return place, list(sections.directory_matches(request))


def _parent(path: str) -> str:
    """The directory that a path lies in, with a slash at the end."""
    return path.rpartition("/")[0] + "/"


class _Walk:
    """The way from the root on."""

    def __init__(self, request: Request, whole: str, entry: Entry, is_known: bool) -> None:
        self._request, self._whole, self._is_known = request, whole, is_known
        self._is_file = is_known and entry.kind is Kind.FILE
        self._rows = sections.directories(request)
        self._own: list[Layer] = []

    def run(self) -> None:
        request = self._request
        request.scope = request.base()
        request.entry = _GONE
        bare = self._whole.rstrip("/")
        names = bare.split("/")[1:] if bare else []
        path, rest = "", list(names)
        self._level(path)
        while rest:
            path = f"{path}/{rest.pop(0)}"
            kind = self._kind(path)
            request.entry = Entry(kind) if kind is not Kind.FILE else request.look(path)
            if kind is not Kind.DIRECTORY or self._familiar(path):
                break
            self._level(path)
        end = "/" if self._whole.endswith("/") else ""
        request.filename = (path or "/") + (end if not rest and request.entry.kind is Kind.DIRECTORY and path else "")
        request.path_info = "" if request.entry.kind is Kind.DIRECTORY else "".join(f"/{name}" for name in rest)
        if request.entry.kind is not Kind.DIRECTORY and end:
            request.path_info += "/"

    def _familiar(self, path: str) -> Request | None:
        """The request that has walked to the directory of this file, which is then not taken for one itself."""
        before = self._request.main or self._request.previous
        is_last = self._is_file and path == self._whole
        return before if is_last and before and before.walked and before.walked[0] == _parent(path) else None

    def _kind(self, path: str) -> Kind:
        """Of one component; a link only where Options let it be followed."""
        before, scope = self._familiar(path), self._request.scope
        if before and before.walked:
            scope = Scope((*scope.layers, *before.walked[1]))
        held = options.options(scope)
        if self._is_known and "followsymlinks" in held:
            return Kind.DIRECTORY
        link = next((each for each in self._request.files.links(path) if each.path == self._here(path)), None)
        entry = self._request.look(path)
        if entry.kind is Kind.DENIED_PARENT and entry.blocking and self._is_above(entry.blocking, path):
            self._closed(path, entry)
        if link:
            self._may_follow(path, held, same=link.same_owner, entry=entry)
        if entry.kind in {Kind.MISSING, Kind.FILE, Kind.DIRECTORY}:
            return entry.kind
        self._closed(path, entry)
        raise AssertionError

    def _here(self, path: str) -> str:
        return self._request.configuration.paths.here(path)

    def _is_above(self, blocking: str, path: str) -> bool:
        return self._here(path).startswith(blocking.rstrip("/") + "/")

    def _closed(self, path: str, entry: Entry) -> None:
        reason = entry.reason or f"{path} is no file or directory"
        self._request.step("permission", f"{reason}: 403", ok=False)
        raise Refused(403)

    def _may_follow(self, path: str, held: frozenset[str], *, same: bool, entry: Entry) -> None:
        if not held & {"followsymlinks", "symlinksifownermatch"}:
            self._request.step("options", f"{path} is a link, and Options FollowSymLinks is off: 403", ok=False)
        elif not entry.exists:
            self._request.step("file", f"{path} is a link whose target cannot be reached: 403", ok=False)
        elif "followsymlinks" not in held and not same:
            self._request.step("options", f"{path} is a link of another owner than its target: 403", ok=False)
        else:
            return
        raise Refused(403)

    def _level(self, path: str) -> None:
        request = self._request
        for each in sections.of_directory(self._rows, path):
            request.scope = request.scope.plus(each)
            self._own.append(each)
        classes = options.allowed(self._own)
        if classes:
            self._override(path + "/", classes)

    def _override(self, directory: str, classes: frozenset[str]) -> None:
        names = self._request.of_server("accessfilename") or (".htaccess",)
        for name in names:
            path = directory + name
            entry = self._request.look(path)
            if entry.kind in {Kind.MISSING, Kind.PARENT_IS_FILE}:
                continue
            if entry.kind is not Kind.FILE or not entry.readable:
                self._request.step("override", f"{path} cannot be read: {entry.reason}: 403", ok=False)
                raise Refused(403)
            self._read(path, directory, classes)
            return

    def _read(self, path: str, directory: str, classes: frozenset[str]) -> None:
        request = self._request
        try:
            directives = read_override(request.configuration, path)
        except ConfigurationError as error:
            if "nonfatal" in classes:
                return
            request.step("override", f"{error.message}: 500", ok=False)
            raise Refused(500) from error
        except OSError as error:
            raise Unknowable(f"{path} cannot be read by this user.") from error
        if "nonfatal" in classes:
            kept = (each for each in directives if each.name == "macro" or not options.refused((each,), classes))
            directives = tuple(kept)
        wrong = options.refused(directives, classes)
        if wrong:
            request.step("override", f"{wrong.name} is not allowed here by AllowOverride: 500", wrong, ok=False)
            raise Refused(500)
        request.scope = request.scope.plus(Layer(directives, "override", directory))
