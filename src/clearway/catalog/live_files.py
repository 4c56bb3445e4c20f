"""The files of a directory as they are at each request: for development, where they change all the time."""

from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Resource

from .directory_files import locate_codings
from .index_files import IndexFile
from .layer import UNREAD, Known, OnDisk
from .reading import attempts, read_resource
from .tree import Tree


class LiveFiles:
    """A layer that lists directories on every request and keeps nothing."""

    def __init__(
        self,
        tree: Tree,
        rules: HeaderRules,
        url: str,
        *,
        index_file: str | None = None,
    ) -> None:
        self._tree, self._rules, self._url = tree, rules, url
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
            codings = locate_codings(self._tree, file_name, self._rules.media_types)
            if not codings:
                return None
            if found := read_resource(self._url + name, codings, self._rules, name=file_name):
                return found
        return None
