"""The staticfiles finders as layers of a catalog."""

import os
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder, get_finders

from .catalog.index_files import IndexFile, to_directory
from .catalog.layer import UNREAD, Known, Layer, OnDisk
from .catalog.names import is_canonical, is_hidden
from .catalog.reading import read_resource
from .catalog.tree import DiskFile, disk_file
from .http.negotiation import IDENTITY
from .http.resource import Resource

Make = Callable[..., Layer]  # a directory, the URL path that its names are below, whether it is the site's root


def finder_layers(url: str, make: Make, index_file: IndexFile) -> tuple[Layer, ...]:
    """A layer for each directory that a finder knows, in the order in which Django asks them."""
    return tuple(layer for finder in get_finders() for layer in _layers(finder, url, make, index_file))


def _layers(finder: BaseFinder, url: str, make: Make, index_file: IndexFile) -> list[Layer]:
    """A layer for each storage of the finder; a finder of another kind is asked for each name."""
    storages = getattr(finder, "storages", None)
    if not isinstance(storages, dict) or not all(hasattr(each, "location") for each in storages.values()):
        return [FoundFiles(finder, url, index_file)]
    return [_directory(each, url, make, index_file) for each in storages.values()]


def _directory(storage: Any, url: str, make: Make, index_file: IndexFile) -> Layer:
    root, prefix = os.fspath(storage.location), getattr(storage, "prefix", "")
    if not prefix:
        return make(root, url)
    return PrefixedFiles(prefix, make(root, f"{url}{prefix}/"), index_file)


class PrefixedFiles:
    """A layer whose names begin with a prefix, as `STATICFILES_DIRS = [("prefix", path)]` gives them."""

    def __init__(self, prefix: str, layer: Layer, index_file: IndexFile) -> None:
        self._bare, self._prefix, self._layer = prefix, f"{prefix}/", layer
        self._redirect = to_directory(prefix.rpartition("/")[2], index_file.rules)

    def find(self, name: str) -> Known | None:
        if name == self._bare:
            return self._redirect if isinstance(self._layer.find(""), Resource) else None
        return self._layer.find(name[len(self._prefix) :]) if name.startswith(self._prefix) else None

    def reread(self, name: str) -> Known | None:
        return self._layer.reread(name[len(self._prefix) :]) if name.startswith(self._prefix) else None

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        if name.startswith(self._prefix):
            return self._layer.find_in_memory(name[len(self._prefix) :])
        return UNREAD if name == self._bare else None


class FoundFiles:
    """A layer over a finder of another kind. It joins paths, so it is asked for what can be a name only."""

    def __init__(self, finder: BaseFinder, url: str, index_file: IndexFile) -> None:
        self._finder, self._url, self._index_file = finder, url, index_file

    def find(self, name: str) -> Known | None:
        file = None if self._index_file.is_spelled(name) else self._file(self._index_file.file_name(name))
        if file is None:
            return self._index_file.redirect(name, self._file)
        file_name = self._index_file.file_name(name)
        return read_resource(self._url + name, {IDENTITY: file}, self._index_file.rules, name=file_name)

    reread = find

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD

    def _file(self, name: str) -> DiskFile | None:
        if not is_canonical(name) or any(is_hidden(part, top=False, at_site_root=False) for part in name.split("/")):
            return None
        path = self._finder.find(name)
        return disk_file(os.path.realpath(path)) if isinstance(path, str) and path else None
