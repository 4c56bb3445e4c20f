"""The names of all retained releases, looked up in the index."""

import os
from functools import lru_cache

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import IDENTITY, SUFFIXES
from clearway.http.resource import Resource, StoredFile
from clearway.http.validators import strong_tag

from .index import Found, Index
from .names import is_canonical
from .reading import read_resource
from .tree import Tree

_KEPT = 4096  # resources that are kept ready; each costs about 5 KB with all of its answers


class ReleaseFiles:
    """A layer over an index: no disk is read until the octets are needed."""

    def __init__(self, index: Index, root: str, rules: HeaderRules, url: str) -> None:
        self._index, self._root, self._rules, self._url = index, root, rules, url
        self._resource = lru_cache(_KEPT)(self._make)

    def find_in_memory(self, name: str) -> Resource | None:
        try:
            return self._resource(name)
        except KeyError:
            return None

    find = find_in_memory

    def find_published(self, name: str) -> Resource | None:
        """The same for names that carry a hash only."""
        found = self._index.find(name)
        return self.find(name) if found and found.immutable else None

    def reread(self, name: str) -> Resource | None:
        """The file as it is: somebody edited a published file, so nothing the record says of it holds."""
        found = self._index.find(name)
        file = Tree(self._root).locate(found.published_name) if found else None
        return read_resource(self._url + name, {IDENTITY: file}, self._rules) if file else None

    def _make(self, name: str) -> Resource:
        """Raises KeyError for an unknown name, which is how a miss stays out of the cache."""
        found = self._index.find(name)
        if found is None or not is_canonical(found.published_name):
            raise KeyError(name)
        files = [self._file(found, *row) for row in found.codings]
        return self._rules.resource(
            self._url + name, files, modified=found.created, immutable=found.immutable, type_=found.type
        )

    def _file(self, found: Found, coding: str, size: int, digest: bytes) -> tuple[str, StoredFile, str]:
        path = os.path.join(self._root, found.published_name + SUFFIXES.get(coding, ""))
        return coding, StoredFile(path, size, digest), strong_tag(digest.hex())
