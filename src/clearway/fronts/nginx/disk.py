"""What a request sees of the disk: the worker's view, under `disable_symlinks`."""

import re

from clearway.fronts.files import Entry, Kind
from clearway.fronts.nginx.request import Request
from clearway.fronts.unknowable import Unknowable


def look(request: Request, path: str) -> Entry:
    """What the path is under the rule of the request's level. Raises Unknowable."""
    if not path:
        return Entry(Kind.MISSING)
    if not path.startswith("/"):
        raise Unknowable(f"{path} is looked up in the directory that nginx was started in.")
    words = [word for each in request.scope.nearest("disable_symlinks") for word in each.words]
    if not words or words[0] == "off":
        return _known(request.files.look(path))
    beyond = _beyond(request, words, path)
    last = re.sub("/+", "/", path).rstrip("/")
    by_owner = words[0] == "if_not_owner"
    for link in request.files.links(path):
        if len(link.path) > len(beyond) and not (by_owner and link.same_owner):
            # openat(2) with O_NOFOLLOW and O_DIRECTORY answers ENOTDIR for a link on the way, ELOOP for the last name
            kind = Kind.LOOP if by_owner or link.path == last else Kind.PARENT_IS_FILE
            return Entry(kind, blocking=link.path, reason=f"{link.path} is a link, and disable_symlinks is {words[0]}")
    return _opened(_known(request.files.look(path)))


def _known(entry: Entry) -> Entry:
    if entry.kind is Kind.UNKNOWN:
        raise Unknowable(entry.reason)
    return entry


def _opened(entry: Entry) -> Entry:
    """Under this rule nginx opens what it would else only look at."""
    if entry.exists and not entry.readable:
        return Entry(Kind.DENIED_PARENT, blocking=entry.blocking, reason=entry.reason)
    return entry


def _beyond(request: Request, words: list[str], path: str) -> str:
    """Links in this leading part are followed: `from=`."""
    for word in words:
        if word.startswith("from="):
            leading = request.text(word.removeprefix("from=")).rstrip("/")
            return leading if path == leading or path.startswith(leading + "/") else ""
    return ""
