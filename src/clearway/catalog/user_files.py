"""The files that users uploaded, as they are at each request; nothing is listed and nothing is remembered."""

import os

from clearway.http.header_rules import HeaderRules
from clearway.http.media_types import type_by_extension
from clearway.http.negotiation import IDENTITY
from clearway.http.resource import Resource, StoredFile

from .beneath import open_beneath
from .layer import UNREAD, Known, OnDisk
from .names import is_public
from .reading import not_future, tag_of


class UserFiles:
    """A layer over a directory in which no link is followed. What is no file, or may not be read, is not there."""

    def __init__(self, root: str, rules: HeaderRules) -> None:
        self._root, self._rules = os.path.realpath(root), rules

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD

    def find(self, name: str) -> Resource | None:
        file = self._file(name) if is_public(name) else None
        if file is None:
            return None
        modified = not_future((file.mtime_ns or 0) // 1_000_000_000)
        row = (IDENTITY, file, tag_of(file))
        return self._rules.resource(name, [row], modified=modified, type_=type_by_extension(name))

    reread = find

    def _file(self, name: str) -> StoredFile | None:
        try:
            with open_beneath(self._root, name) as opened:
                status = os.fstat(opened.fileno())
        except (OSError, ValueError):
            return None
        path = os.path.join(self._root, name)
        return StoredFile(path, status.st_size, None, status.st_mtime_ns, self._root)
