"""The names of all retained releases, looked up in the index."""

import os
from functools import lru_cache

from clearway.http.header_rules import HeaderRules
from clearway.http.negotiation import IDENTITY, SUFFIXES
from clearway.http.resource import Resource, StoredFile
from clearway.http.validators import strong_tag

from .index import Found, Index
from .index_files import IndexFile
from .layer import Known
from .names import is_public
from .reading import not_future, read_resource
from .tree import Tree

_KEPT = 4096  # resources that are kept ready; each costs about 5 KB with all of its answers


class ReleaseFiles:
    """A layer over an index: no disk is read until the octets are needed."""

    def __init__(self, index: Index, root: str, rules: HeaderRules, url: str, index_file: str | None = None) -> None:
        self._index, self._root, self._rules, self._url = index, os.path.realpath(root), rules, url
        self._index_file = IndexFile(index_file, rules)
        self._resource = lru_cache(_KEPT)(self._make)

    def find_in_memory(self, name: str) -> Known | None:
        return self._find(name) or self._index_file.redirect(name, self._index.find)

    find = find_in_memory

    def _find(self, name: str) -> Resource | None:
        try:
            return self._resource(name)
        except KeyError:
            return None

    def find_published(self, name: str) -> Resource | None:
        """The same for names that carry a hash only."""
        found = self._index.find(name)
        return self._find(name) if found and found.immutable else None

    def published_name(self, name: str) -> str | None:
        """The name that a logical name has in the loaded release; None for what is not served."""
        found = self._index.find(name)
        return found.published_name if found and is_public(found.published_name) else None

    @property
    def static_url(self) -> str:
        """What the loaded release was built for."""
        return self._index.static_url

    def reread(self, name: str) -> Resource | None:
        """The file as it is: somebody edited a published file, so nothing the record says of it holds."""
        file_name = self._index_file.file_name(name)
        found = self._index.find(file_name)
        file = Tree(self._root).locate(found.published_name) if found else None
        return read_resource(self._url + name, {IDENTITY: file}, self._rules, name=file_name) if file else None

    def _make(self, name: str) -> Resource:
        """Raises KeyError for an unknown name, which is how a miss stays out of the cache."""
        file_name = self._index_file.file_name(name)
        found = None if self._index_file.is_spelled(name) else self._index.find(file_name)
        if found is None or not is_public(found.published_name):
            raise KeyError(name)
        files = [self._file(found, *row) for row in found.codings]
        return self._rules.resource(
            self._url + name,
            files,
            modified=not_future(found.created),
            immutable=found.immutable,
            name=file_name,
            type_=found.type,
        )

    def _file(self, found: Found, coding: str, size: int, digest: bytes) -> tuple[str, StoredFile, str]:
        path = os.path.join(self._root, found.published_name + SUFFIXES.get(coding, ""))
        return coding, StoredFile(path, size, digest), strong_tag(digest.hex())
