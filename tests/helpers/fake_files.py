"""A disk that is written down: what a path is for the worker."""

import posixpath
from collections.abc import Iterable

from clearway.fronts.files import Entry, Kind, Link

MTIME = 1_600_000_000
SIZE = 5


class FakeFiles:
    """Files by their paths; the directories above them exist. `denied` can be entered or read by nobody."""

    def __init__(self, files: Iterable[str], denied: Iterable[str] = (), links: Iterable[str] = ()) -> None:
        self._files = set(files)
        self._denied = set(denied)
        self._links = tuple(links)
        self._directories = {"/"} | {parent for path in self._files for parent in _parents(path)}

    def look(self, path: str) -> Entry:
        """What the path is; nothing but what was written down exists."""
        clean = posixpath.normpath(path.replace("//", "/"))
        blocked = [parent for parent in _parents(clean) if parent in self._denied]
        if blocked:
            return Entry(Kind.DENIED_PARENT, blocking=blocked[0], reason=f"{blocked[0]} cannot be entered")
        if any(parent in self._files for parent in _parents(clean)) or (clean in self._files and path.endswith("/")):
            return Entry(Kind.PARENT_IS_FILE)
        readable = clean not in self._denied
        if clean in self._files:
            return Entry(Kind.FILE, readable, SIZE, MTIME, reason="" if readable else "its mode is 0600")
        return Entry(Kind.DIRECTORY, readable) if clean in self._directories else Entry(Kind.MISSING)

    def links(self, path: str) -> tuple[Link, ...]:
        """Those that were written down."""
        return tuple(Link(link, False) for link in self._links if path == link or path.startswith(link + "/"))


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) or "/" for end in range(1, len(parts))]
