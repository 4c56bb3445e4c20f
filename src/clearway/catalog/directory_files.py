"""The files of a plain directory, listed once at start, or again when it may have changed."""

import os
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import SUFFIXES
from clearway.http.resource import Resource

from .index_files import IndexFile
from .layer import UNREAD, Known, OnDisk
from .reading import attempts, read_resource
from .tree import Codings, Tree, is_unchanged, pair

FRESH_FOR = 0.25  # seconds for which a file is not asked again whether it was edited
RELIST_AFTER = 1.0  # seconds between two listings of a directory that is watched


@dataclass(slots=True)
class _Ready:
    """A resource, the files it was read from, and when they were last found unchanged (monotonic seconds)."""

    resource: Resource
    codings: Codings
    checked: float


class DirectoryFiles:
    """A layer over the files of a tree."""

    def __init__(self, tree: Tree, rules: HeaderRules, url: str, *, index_file: str | None = None) -> None:
        self._tree, self._rules, self._url = tree, rules, url
        self._index_file = IndexFile(index_file, rules)
        self._files = pair(tree.walk(), rules.media_types)
        self._ready: dict[str, _Ready] = {}

    @property
    def names(self) -> Collection[str]:
        """The files that were listed."""
        return self._files

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        ready = self._ready.get(name)
        if ready and time.monotonic() - ready.checked < FRESH_FOR:
            return ready.resource
        return UNREAD if self._knows(name) else self._index_file.redirect(name, self._files.__contains__)

    def find(self, name: str) -> Known | None:
        if not self._knows(name):
            return self._index_file.redirect(name, self._files.__contains__)
        ready = self._ready.get(name)
        if ready and time.monotonic() - ready.checked < FRESH_FOR:
            return ready.resource
        if ready and self._is_unchanged(name, ready.codings):
            ready.checked = time.monotonic()
            return ready.resource
        return self.reread(name)

    def _knows(self, name: str) -> bool:
        return self._index_file.file_name(name) in self._files and not self._index_file.is_spelled(name)

    def _is_unchanged(self, name: str, codings: Codings) -> bool:
        file_name = self._index_file.file_name(name)
        return all(map(is_unchanged, codings.values())) and all(
            self._tree.leads_to(file_name + SUFFIXES.get(coding, ""), file) for coding, file in codings.items()
        )

    def reread(self, name: str) -> Known | None:
        self._ready.pop(name, None)
        if not self._knows(name):
            return self._index_file.redirect(name, self._files.__contains__)
        file_name = self._index_file.file_name(name)
        for _ in attempts():
            codings = locate_codings(self._tree, file_name, self._rules.media_types)
            if not codings:
                return None
            if found := self._read(name, file_name, codings):
                return found
        return None

    def _read(self, name: str, file_name: str, codings: Codings) -> Resource | None:
        found = read_resource(self._url + name, codings, self._rules, name=file_name)
        if found is not None:
            self._ready[name] = _Ready(found, codings, time.monotonic())
        return found


class WatchedFiles:
    """A layer over the directories `below` (names from `root`, each with a slash at its end) whose files come and go.

    Listed again on a miss: at once when the directory of the missing name has changed, otherwise at most once a second.
    """

    def __init__(self, make: Callable[[], DirectoryFiles], below: tuple[str, ...], root: str) -> None:
        self._make, self._below, self._root = make, below, root
        self._list()

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        if not name.startswith(self._below):
            return None
        return self._files.find_in_memory(name) or UNREAD

    def find(self, name: str) -> Known | None:
        if not name.startswith(self._below):
            return None
        found = self._files.find(name)
        if found is None and self._is_old(name):
            self._list()
            found = self._files.find(name)
        return found

    def reread(self, name: str) -> Known | None:
        return self._files.reread(name) if name.startswith(self._below) else None

    def _list(self) -> None:
        self._listed = time.monotonic()  # first, so that no other thread lists as well
        files = self._make()
        inside = {name[: at + 1] for name in (*files.names, *self._below) for at, c in enumerate(name) if c == "/"}
        self._changed = {name: _changed(os.path.join(self._root, name)) for name in ("", *inside)}
        self._files = files

    def _is_old(self, name: str) -> bool:
        if time.monotonic() - self._listed > RELIST_AFTER:
            return True
        known = ""
        while (end := name.find("/", len(known)) + 1) and name[:end] in self._changed:
            known = name[:end]
        return _changed(os.path.join(self._root, known)) != self._changed[known]


def _changed(directory: str) -> int | None:
    """When something was added to a directory or went from it, in nanoseconds."""
    try:
        return os.stat(directory).st_mtime_ns
    except OSError:
        return None


def locate_codings(tree: Tree, name: str, media_types: Mapping[str, str] = MappingProxyType({})) -> Codings:
    """One file and the neighbours that encode it, as they are on disk now; empty when there is none.

    Also empty when the name is that of such a neighbour, which has no name of its own.
    """
    suffixes = SUFFIXES.values()
    around = [name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)]
    names = [*around, name, *(name + suffix for suffix in suffixes)]
    listed = {each: file for each in names if (file := tree.locate(each))}
    return pair(listed, media_types).get(name, {})
