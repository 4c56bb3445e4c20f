"""The staticfiles finders as layers of a catalog, for development."""

import os

from django.contrib.staticfiles.finders import BaseFinder, get_finders

from .catalog.layer import UNREAD, Known, Layer, OnDisk
from .catalog.live_files import LiveFiles
from .catalog.names import is_canonical, is_hidden
from .catalog.reading import read_resource
from .catalog.report import report
from .catalog.tree import Tree, disk_file
from .http.header_rules import HeaderRules
from .http.negotiation import IDENTITY


def finder_layers(url: str, rules: HeaderRules) -> tuple[Layer, ...]:
    """A layer for each directory that a finder knows, in the order in which Django asks them."""
    return tuple(layer for finder in get_finders() for layer in _layers(finder, url, rules))


def _layers(finder: BaseFinder, url: str, rules: HeaderRules) -> list[Layer]:
    """A layer for each storage of the finder; a finder of another kind is asked for each name."""
    storages = getattr(finder, "storages", None)
    if not isinstance(storages, dict) or not all(hasattr(each, "location") for each in storages.values()):
        return [FoundFiles(finder, rules, url)]
    return [_directory(os.fspath(each.location), getattr(each, "prefix", ""), url, rules) for each in storages.values()]


def _directory(root: str, prefix: str, url: str, rules: HeaderRules) -> Layer:
    inner = f"{prefix}/" if prefix else ""
    return PrefixedFiles(inner, LiveFiles(Tree(root, report=report), rules, url + inner))


class PrefixedFiles:
    """A layer whose names begin with a prefix, as `STATICFILES_DIRS = [("prefix", path)]` gives them."""

    def __init__(self, prefix: str, layer: Layer) -> None:
        self._prefix, self._layer = prefix, layer

    def find(self, name: str) -> Known | None:
        return self._layer.find(name[len(self._prefix) :]) if name.startswith(self._prefix) else None

    reread = find

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD if name.startswith(self._prefix) else None


class FoundFiles:
    """A layer over a finder of another kind. It joins paths, so it is asked for what can be a name only."""

    def __init__(self, finder: BaseFinder, rules: HeaderRules, url: str) -> None:
        self._finder, self._rules, self._url = finder, rules, url

    def find(self, name: str) -> Known | None:
        if not is_canonical(name) or any(is_hidden(part, top=False, at_site_root=False) for part in name.split("/")):
            return None
        path = self._finder.find(name)
        file = disk_file(os.path.realpath(path)) if isinstance(path, str) and path else None
        return read_resource(self._url + name, {IDENTITY: file}, self._rules) if file else None

    reread = find

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD
