"""Sources: the files that the staticfiles finders know, as `collectstatic` hands them over."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

_OTHERS = frozenset({"site-packages", "dist-packages", "node_modules"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its logical name (`/` between the parts), how to read it, and who ships it.

    `app` is the name of the app config (`django.contrib.admin`); empty for the project's own directories.
    `path` is where the file lies, when that is on this disk.
    """

    name: str
    read: Callable[[], bytes]
    app: str = ""
    path: str = ""
    third_party: bool = False

    @property
    def origin(self) -> str:
        """Who ships it, for people: the app, else the directory."""
        depth = self.name.count("/") + 1
        return self.app or (str(Path(self.path).parents[depth - 1]) if self.path else "another finder")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the files of one source storage have in common."""

    storage: Any
    location: str
    app: str
    third_party: bool

    def source(self, name: str, path: str) -> Source:
        place = os.path.join(self.location, path) if self.location else ""  # noqa: PTH118  # thousands of them
        read = _OnDisk(place) if place else partial(_read, self.storage, path)
        third_party = self.third_party or not _OTHERS.isdisjoint(path.replace(os.sep, "/").split("/"))
        return Source(name.replace(os.sep, "/"), read, self.app, place, third_party)


def from_paths(paths: Mapping[str, tuple[Any, str]]) -> list[Source]:
    """The sources in `{destination: (storage, path)}`, the argument of Django's `post_process`."""
    shelves = Shelves()
    return [shelves.source(name, *place) for name, place in paths.items()]


class Shelves:
    """The source storages of one run, each looked at once."""

    def __init__(self) -> None:
        from django.apps import apps

        self._apps = {str(Path(app.path, "static")): app for app in apps.get_app_configs()}
        self._project = project_directory()
        self._known: dict[int, _Shelf] = {}

    def source(self, name: str, storage: Any, path: str) -> Source:
        """The source that a finder calls `path`, collected as `name`."""
        shelf = self._known.get(id(storage))
        if shelf is None or shelf.storage is not storage:
            shelf = self._known[id(storage)] = self._shelf(storage)
        return shelf.source(name, path)

    def _shelf(self, storage: Any) -> _Shelf:
        location = str(getattr(storage, "location", ""))
        app = self._apps.get(location)
        is_foreign = bool(app) and not Path(location).resolve().is_relative_to(self._project)
        third_party = is_foreign or not _OTHERS.isdisjoint(Path(location).parts)
        return _Shelf(storage, location if _is_plain(storage) else "", app.name if app else "", third_party)


def project_directory() -> Path:
    """`BASE_DIR`, which every project's settings have by custom; else the working directory."""
    from django.conf import settings

    return Path(getattr(settings, "BASE_DIR", None) or Path.cwd()).resolve()


def _is_plain(storage: Any) -> bool:
    """Whether opening a file of the storage is opening the file on the disk."""
    from django.contrib.staticfiles.storage import StaticFilesStorage
    from django.core.files.storage import FileSystemStorage

    if not isinstance(storage, FileSystemStorage):
        return False
    own: Any = type(getattr(storage, "_wrapped", storage))  # DefaultStorageFinder's is lazy
    is_own_path = own.path in (FileSystemStorage.path, StaticFilesStorage.path)
    return is_own_path and own.open is FileSystemStorage.open and own._open is FileSystemStorage.__dict__["_open"]


class _OnDisk:
    """How to read a file on the disk, in few octets: there is one for each source."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self) -> bytes:
        with open(self._path, "rb", buffering=0) as file:  # noqa: PTH123
            return file.read()


def _read(storage: Any, path: str) -> bytes:
    with storage.open(path) as file:
        data: bytes = file.read()
    return data
