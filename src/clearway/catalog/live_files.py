"""The files of a directory as they are at each request: for development, where they change all the time."""

from collections.abc import Callable, Mapping

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import IDENTITY
from clearway.http.resource import Resource

from .directory_files import locate_codings
from .index_files import IndexFile
from .layer import UNREAD, Known, OnDisk
from .reading import attempts, read_resource
from .tree import Codings, Tree


def locate_alone(tree: Tree, name: str, media_types: Mapping[str, str]) -> Codings:
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
        locate: Callable[[Tree, str, Mapping[str, str]], Codings] = locate_codings,
    ) -> None:
        self._tree, self._rules, self._url, self._locate = tree, rules, url, locate
        self._index_file = IndexFile(index_file, rules)

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD

    def find(self, name: str) -> Known | None:
        found = None if self._index_file.is_spelled(name) else self._file(name)
        return found or self._index_file.redirect(name, self._tree.locate)

    reread = find

    def _file(self, name: str) -> Resource | None:
        file_name = self._index_file.file_name(name)
        for _ in attempts():
            codings = self._locate(self._tree, file_name, self._rules.media_types)
            if not codings:
                return None
            if found := read_resource(self._url + name, codings, self._rules, name=file_name):
                return found
        return None
