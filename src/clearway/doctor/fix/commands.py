"""Commands of fixes as what is done for them; what is not written exactly so is left to people."""

import shlex
from pathlib import Path

from .action import Action
from .collecting import Collecting
from .removal import Removal
from .rights import Granting, Opening

_COLLECT = ["python", "manage.py", "collectstatic", "--noinput"]
_OPENED = ["-name", ".*", "-prune", "-o", "!", "-type", "l", "-exec", "chmod", "a+rX", "{}", "+"]
_BITS = {"r": 4, "w": 2, "x": 1, "-": 0}


def collecting(*options: str) -> str:
    """As people run it."""
    return shlex.join([*_COLLECT, *options])


def opening(root: str) -> str:
    """`chmod -R a+rX`, without hidden files and without following links."""
    return f"find {shlex.quote(root)} -name '.*' -prune -o ! -type l -exec chmod a+rX {{}} +"


def granting(path: str, user: str, permissions: str) -> str:
    """As setfacl(1) does it."""
    return f"setfacl -m u:{user}:{permissions} {shlex.quote(path)}"


def actions(command: str) -> list[Action] | None:
    """None where the command is not known."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    match words:
        case ["python", "manage.py", "collectstatic", "--noinput", *options] if set(options) <= {"--clear"}:
            return [Collecting(tuple(options))]
        case ["rm", *paths] if paths and all(path.startswith("/") for path in paths):
            return [Removal(Path(path)) for path in paths]
        case ["find", root, *rest] if rest == _OPENED and root.startswith("/"):
            return [Opening(Path(root))]
        case ["setfacl", "-m", entry, path] if path.startswith("/") and (granted := _granted(entry, Path(path))):
            return [granted]
    return None


def _granted(entry: str, path: Path) -> Granting | None:
    kind, _, rest = entry.partition(":")
    name, _, letters = rest.rpartition(":")
    uid = _uid(name)
    if kind != "u" or uid is None or not letters or not set(letters) <= set(_BITS):
        return None
    return Granting(path, uid, sum(_BITS[each] for each in set(letters)))


def _uid(name: str) -> int | None:
    if name.isdecimal():
        return int(name)
    try:
        import pwd

        return pwd.getpwnam(name).pw_uid
    except (ImportError, KeyError):
        return None
