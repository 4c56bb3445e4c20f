"""The files of a plain directory, listed once at start, or again when it may have changed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import IDENTITY, SUFFIXES
from clearway.http.resource import Redirect, Resource

from .layer import UNREAD, Known, OnDisk
from .reading import read_resource
from .tree import Codings, Tree, is_unchanged, pair

FRESH_FOR = 0.25  # seconds for which a file is not asked again whether it was edited
RELIST_AFTER = 1.0  # seconds between two listings of a directory that is watched

Immutable = Callable[[str, str], bool]  # path of the file, URL path → whether its content never changes


def never(path: str, url: str) -> bool:
    """No file is immutable unless somebody says so."""
    return False


@dataclass(slots=True)
class _Ready:
    """A resource, the files it was read from, and when they were last found unchanged (monotonic seconds)."""

    resource: Resource
    codings: Codings
    checked: float


class DirectoryFiles:
    """A layer over the files of a tree."""

    def __init__(
        self,
        tree: Tree,
        rules: HeaderRules,
        url: str,
        *,
        index_file: str | None = None,
        immutable: Immutable = never,
    ) -> None:
        self._tree, self._rules, self._url, self._immutable = tree, rules, url, immutable
        self._index_file = index_file
        self._files = pair(tree.walk())
        self._redirects = dict(self._index_files()) if index_file else {}
        self._ready: dict[str, _Ready] = {}

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        ready = self._ready.get(name)
        if ready and time.monotonic() - ready.checked < FRESH_FOR:
            return ready.resource
        return UNREAD if name in self._files else self._redirects.get(name)

    def find(self, name: str) -> Known | None:
        if name not in self._files:
            return self._redirects.get(name)
        ready = self._ready.get(name)
        if ready and time.monotonic() - ready.checked < FRESH_FOR:
            return ready.resource
        if ready and self._is_unchanged(name, ready.codings):
            ready.checked = time.monotonic()
            return ready.resource
        return self.reread(name)

    def _is_unchanged(self, name: str, codings: Codings) -> bool:
        return all(map(is_unchanged, codings.values())) and all(
            self._tree.leads_to(self._file_name(name) + SUFFIXES.get(coding, ""), file)
            for coding, file in codings.items()
        )

    def reread(self, name: str) -> Known | None:
        self._ready.pop(name, None)
        if name not in self._files:
            return self._redirects.get(name)
        return self._read(name, locate_codings(self._tree, self._file_name(name)))

    def _read(self, name: str, codings: Codings) -> Resource | None:
        if not codings:
            return None
        immutable = self._immutable(codings[IDENTITY].path, self._url + name)
        file_name = self._file_name(name)
        found = read_resource(self._url + name, codings, self._rules, name=file_name, immutable=immutable)
        if found is not None:
            self._ready[name] = _Ready(found, codings, time.monotonic())
        return found

    def _file_name(self, name: str) -> str:
        return name + (self._index_file or "") if not name or name.endswith("/") else name

    def _index_files(self) -> list[tuple[str, Redirect]]:
        """Serve `d/` from `d/index.html`, and lead `d` and `d/index.html` there."""
        assert self._index_file is not None
        redirects = []
        for name in [n for n in self._files if n == self._index_file or n.endswith(f"/{self._index_file}")]:
            directory = name[: -len(self._index_file)]
            self._files[directory] = self._files.pop(name)
            redirects.append((name, self._rules.redirect("./")))
            if directory:
                last = quote(directory[:-1].rpartition("/")[2], errors="surrogateescape")
                redirects.append((directory[:-1], self._rules.redirect(f"./{last}/")))
        return redirects


class WatchedFiles:
    """A layer over directories whose files come and go: listed again on a miss, at most once a second."""

    def __init__(self, make: Callable[[], DirectoryFiles], below: tuple[str, ...]) -> None:
        self._make, self._below = make, below
        self._files, self._listed = make(), time.monotonic()

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        found = self._files.find_in_memory(name)
        return UNREAD if found is None and self._due(name) else found

    def find(self, name: str) -> Known | None:
        found = self._files.find(name)
        if found is None and self._due(name):
            self._listed = time.monotonic()  # first, so that no other thread lists as well
            self._files = self._make()
            found = self._files.find(name)
        return found

    def reread(self, name: str) -> Known | None:
        return self._files.reread(name)

    def _due(self, name: str) -> bool:
        return name.startswith(self._below) and time.monotonic() - self._listed > RELIST_AFTER


def locate_codings(tree: Tree, name: str) -> Codings:
    """One file and the neighbours that encode it, as they are on disk now; empty when there is none.

    Also empty when the name is that of such a neighbour, which has no name of its own.
    """
    suffixes = SUFFIXES.values()
    around = [name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)]
    names = [*around, name, *(name + suffix for suffix in suffixes)]
    listed = {each: file for each in names if (file := tree.locate(each))}
    return pair(listed).get(name, {})
