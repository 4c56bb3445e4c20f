"""Whether a front takes the header by which the project hands files to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import normpath

from clearway.doctor.facts import ACCEL, SENDFILE, HandOff
from clearway.fronts.directive import Directive
from clearway.fronts.front import Front

from .configurations import all_directives, quoted

_OWN = {"nginx": ACCEL, "apache": SENDFILE}  # the one header that a server knows by itself, or by a module


@dataclass(frozen=True)
class Untaken:
    """A hand-off that the front does nothing with; `proof` is a line each, `fix` what cures it."""

    handed: HandOff
    message: str
    fix: str
    proof: tuple[str, ...] = ()
    line: Directive | None = None
    effect: str = "downloads are empty, and everybody sees the path of the file"


def untaken(front: Front, handed_off: Sequence[HandOff]) -> Untaken | None:
    """The first; None where the front takes all, or the project knows another header for this front."""
    if front.name == "caddy":
        return _of_caddy(front, handed_off)
    own = _OWN[front.name]
    fitting = [each for each in handed_off if each.header == own]
    if not fitting:
        return next((_of_another(front, each) for each in handed_off), None)
    return _of_apache(front, fitting) if front.name == "apache" else None


def _of_another(front: Front, handed: HandOff) -> Untaken:
    road = "x-accel" if front.name == "nginx" else "x-sendfile"
    fix = f'send {_OWN[front.name]} to this server; with Clearway, CLEARWAY["media"]["private"]["road"] is "{road}"'
    return Untaken(handed, f"{front.name} knows no {handed.header}", fix)


def _of_caddy(front: Front, handed_off: Sequence[HandOff]) -> Untaken | None:
    words = {word.lower() for each in all_directives(front.configuration) for word in each.words}
    if not handed_off or any(each.header.lower() in word for each in handed_off for word in words):
        return None
    header = handed_off[0].header
    fix = f"reverse_proxy {{ @private header {header} * … handle_response @private {{ … file_server }} }}"
    return Untaken(handed_off[0], f"nothing in the Caddyfile takes {header}", fix)


def _of_apache(front: Front, handed_off: Sequence[HandOff]) -> Untaken | None:
    lines = list(all_directives(front.configuration))
    switches = [each for each in lines if each.name == "xsendfile" and each.words]
    if not any(each.words[0].lower() == "on" for each in switches):
        line = next(iter(switches), None)
        fix = "XSendFile on, and XSendFilePath with the directory; the module is mod_xsendfile (a2enmod xsendfile)"
        return Untaken(handed_off[0], "XSendFile is off", fix, (quoted(line),) if line else (), line)
    allowed = [each for each in lines if each.name == "xsendfilepath" and each.words]
    for handed in handed_off:
        if handed.root and not any(_covers(each.words[0], handed.root) for each in allowed):
            message, told = f"{handed.root} is below no XSendFilePath", tuple(map(quoted, allowed[:3]))
            line = next(iter(allowed), None)
            return Untaken(handed, message, f"XSendFilePath {handed.root}", told, line, "downloads are 404")
    return None


def _covers(directory: str, path: str) -> bool:
    """Also for a path that Apache has to fill in, of which nothing is known."""
    bare = normpath(directory)
    return "$" in directory or not directory.startswith("/") or f"{normpath(path)}/".startswith(f"{bare.rstrip('/')}/")
