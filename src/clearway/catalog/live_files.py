"""The files of a directory as they are at each request: for development, where they change all the time."""

from collections.abc import Callable
from urllib.parse import quote

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import IDENTITY
from clearway.http.resource import Redirect, Resource

from .directory_files import Immutable, locate_codings, never
from .layer import UNREAD, Known, OnDisk
from .reading import read_resource
from .tree import Codings, Tree


def locate_alone(tree: Tree, name: str) -> Codings:
    """One file without its neighbours: files of strangers say nothing about each other."""
    file = tree.locate(name)
    return {IDENTITY: file} if file else {}


class LiveFiles:
    """A layer that lists directories on every request and keeps nothing."""

    def __init__(
        self,
        tree: Tree,
        rules: HeaderRules,
        url: str,
        *,
        index_file: str | None = None,
        immutable: Immutable = never,
        locate: Callable[[Tree, str], Codings] = locate_codings,
    ) -> None:
        self._tree, self._rules, self._url, self._locate = tree, rules, url, locate
        self._index_file, self._immutable = index_file, immutable

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD

    def find(self, name: str) -> Known | None:
        if self._index_file is None:
            return self._file(name, name)
        if not name or name.endswith("/"):
            return self._file(name, name + self._index_file)
        if name.rpartition("/")[2] == self._index_file and self._tree.locate(name):
            return self._rules.redirect("./")
        return self._file(name, name) or self._directory(name)

    reread = find

    def _file(self, name: str, file_name: str) -> Resource | None:
        codings = self._locate(self._tree, file_name)
        if not codings:
            return None
        immutable = self._immutable(codings[IDENTITY].path, self._url + name)
        return read_resource(self._url + name, codings, self._rules, name=file_name, immutable=immutable)

    def _directory(self, name: str) -> Redirect | None:
        if not self._tree.locate(f"{name}/{self._index_file}"):
            return None
        last = quote(name.rpartition("/")[2], errors="surrogateescape")
        return self._rules.redirect(f"./{last}/")
