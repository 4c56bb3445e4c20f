"""Where X-Sendfile takes an answer of the application (mod_xsendfile)."""

from posixpath import normpath

from clearway.fronts.files import Files, Kind
from clearway.fronts.road import Outcome, Road, Visit
from clearway.fronts.unknowable import Unknowable

from .phases import prepare
from .reading import Configuration
from .refused import Refused
from .request import Request
from .routing import begun


def route_sendfile(configuration: Configuration, visit: Visit, target: str, files: Files, media: str = "") -> Road:
    """The road behind the application; `media` is the Content-Type that it had set."""
    request = begun(configuration, visit, files)
    try:
        prepare(request)
    except (Refused, Unknowable) as reason:
        return Road(tuple(request.steps), Outcome("apache", unknown=f"The application is not asked: {reason}."))
    switch = request.scope.last("xsendfile")
    if not switch or switch.words[0].lower() != "on":
        request.step(
            "sendfile", "XSendFile is off: the client gets the name of the file, and no file", switch, ok=False
        )
        return Road(tuple(request.steps), Outcome("application", upstream=request.upstream or None))
    return _sent(request, target, media)


def _sent(request: Request, target: str, media: str) -> Road:
    path = normpath(target)
    allowed = [each.words[0] for each in request.scope.all("xsendfilepath") if each.words]
    entry = request.look(path)
    if not target.startswith("/") or not any(_is_below(path, each) for each in allowed):
        request.step("sendfile", f"{target} is below no XSendFilePath: 404", ok=False)
    elif entry.kind is not Kind.FILE or not entry.readable:
        request.step("sendfile", f"{entry.reason or path + ' is no file'}: 404", ok=False)
    else:
        request.step("sendfile", f"X-Sendfile: {path}")
        file = request.configuration.paths.here(path)
        return Road(tuple(request.steps), Outcome("apache", 200, file, None, media or None))
    return Road(tuple(request.steps), Outcome("apache", 404, type="text/html; charset=iso-8859-1"))


def _is_below(path: str, directory: str) -> bool:
    return path.startswith(directory.rstrip("/") + "/")
