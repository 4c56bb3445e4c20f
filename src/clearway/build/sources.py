"""Sources: the files that the staticfiles finders know, as `collectstatic` hands them over."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its logical name (`/` between the parts), how to read it, and the app that ships it.

    `app` is the name of the app config (`django.contrib.admin`); empty for the project's own directories.
    """

    name: str
    read: Callable[[], bytes]
    app: str = ""


def from_paths(paths: Mapping[str, tuple[Any, str]]) -> list[Source]:
    """The sources in `{destination: (storage, path)}`, the argument of Django's `post_process`."""
    from django.apps import apps

    by_folder = {str(Path(app.path, "static")): app.name for app in apps.get_app_configs()}
    return list(_sources(paths, by_folder))


def _sources(paths: Mapping[str, tuple[Any, str]], by_folder: Mapping[str, str]) -> Iterator[Source]:
    for name, (storage, path) in paths.items():
        app = by_folder.get(str(getattr(storage, "location", "")), "")
        yield Source(name.replace(os.sep, "/"), partial(_read, storage, path), app)


def _read(storage: Any, path: str) -> bytes:
    with storage.open(path) as file:
        data: bytes = file.read()
    return data
