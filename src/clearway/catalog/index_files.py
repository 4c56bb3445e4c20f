"""Directories as URLs: which file stands for one, and where its other spellings lead."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Redirect, Resource

from .catalog import Mount
from .layer import UNREAD, Known, Layer, OnDisk


@dataclass(frozen=True)
class IndexFile:
    """The file that stands for its directory, by name: `d/` is answered from `d/index.html`. None: there is none."""

    name: str | None
    rules: HeaderRules

    def file_name(self, name: str) -> str:
        """The name of the file that `name` is answered from."""
        return name + self.name if self.name and (not name or name.endswith("/")) else name

    def is_spelled(self, name: str) -> bool:
        """Whether a name is that of the file itself, whose directory answers for it."""
        return self.name is not None and name.rpartition("/")[2] == self.name

    def redirect(self, name: str, exists: Callable[[str], object]) -> Redirect | None:
        """From `d` and `d/index.html` to `d/`, if there is such a file."""
        if self.name is None:
            return None
        if self.is_spelled(name):
            return self.rules.redirect("./") if exists(name) else None
        last = name.rpartition("/")[2]
        return to_directory(last, self.rules) if last and exists(f"{name}/{self.name}") else None


def to_directory(last: str, rules: HeaderRules) -> Redirect:
    """From a path that ends in `last` to the same with a slash."""
    return rules.redirect(f"./{quote(last, errors='surrogateescape')}/")


class BareDirectory:
    """A layer that knows one name: the last part of a prefix, without the slash that the prefix ends with."""

    def __init__(self, name: str, layers: Iterable[Layer], rules: HeaderRules) -> None:
        self._name, self._layers = name, tuple(layers)
        self._redirect = to_directory(name, rules)

    def find(self, name: str) -> Known | None:
        if name != self._name:
            return None
        found = next((known for layer in self._layers if (known := layer.find("")) is not None), None)
        return self._redirect if isinstance(found, Resource) else None

    reread = find

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD if name == self._name else None


def mounts_of(mount: Mount, index_file: str | None, rules: HeaderRules) -> list[Mount]:
    """A mount, and below it one for its prefix without the slash if directories have index files."""
    parent, _, last = mount.prefix[:-1].rpartition("/")
    if index_file is None or not last:
        return [mount]
    return [Mount(f"{parent}/", (BareDirectory(last, mount.layers, rules),)), mount]
