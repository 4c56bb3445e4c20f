"""Which storages keep their files in one place, however they were made, so that their names can be compared."""

import os
import posixpath
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import FileSystemStorage, InMemoryStorage, storages
from django.utils.functional import LazyObject, empty

from clearway.media.guarded import GuardedStorage


class OddNameError(ValueError):
    """A name that leads out of its storage, or is none."""


@dataclass(frozen=True)
class Place:
    """`kind` is what tells one disk or bucket from another, `path` where in it the storage begins."""

    kind: Hashable
    path: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self.path.split("/") if part)

    def contains(self, other: "Place") -> bool:
        return self.kind == other.kind and other.parts[: len(self.parts)] == self.parts

    def prefix_of(self, other: "Place") -> str:
        """The path from here to a place that lies in this one, with a slash at its end."""
        return "".join(f"{part}/" for part in other.parts[len(self.parts) :])


def bare(storage: Any) -> Any:
    """The storage that keeps the files, without what is wrapped around it."""
    while True:
        if isinstance(storage, LazyObject):
            if storage._wrapped is empty:
                storage._setup()
            storage = storage._wrapped
        elif isinstance(storage, GuardedStorage):
            storage = storage._inner
        else:
            return storage


def place_of(storage: Any) -> Place:
    """Where a storage keeps its files."""
    inner = bare(storage)
    if isinstance(inner, FileSystemStorage):
        return Place("directory", os.path.realpath(inner.location))
    if isinstance(inner, InMemoryStorage):
        return Place(("memory", id(inner)), "")
    bucket = _first(inner, "bucket_name", "azure_container", "container_name")
    if bucket:
        kind = ("bucket", bucket, _first(inner, "endpoint_url", "account_name"))
        return Place(kind, str(getattr(inner, "location", "") or "").strip("/"))
    return Place((type(inner), _made_with(inner)), "")


def name_in(prefix: str, name: str) -> str:
    """The name of a row's file from the root of the place. Raises `OddNameError`."""
    inner = posixpath.normpath(name).lstrip("/")
    if "\0" in name or inner in ("", ".", "..") or inner.startswith("../"):
        raise OddNameError(name)
    return f"{prefix}{inner}"


def name_below(root: str, prefix: str, name: str) -> str:
    """The same on a disk, where a row may say the whole path. Raises `OddNameError`."""
    if not os.path.isabs(name):
        return name_in(prefix, name)
    inner = os.path.relpath(os.path.normpath(name), root)
    return name_in(prefix, os.path.relpath(inner, prefix or ".") if not inner.startswith("..") else "..")


def aliases() -> dict[str, Any]:
    """The storages of STORAGES that can be made, but for static files."""
    made = {}
    for alias in storages.backends:
        if alias != "staticfiles":
            try:
                made[alias] = storages[alias]
            except Exception:  # of any kind: another project's class
                continue
    return made


def label_of(storage: Any, known: Iterable[tuple[str, Any]]) -> str:
    """The alias of a storage, or where it is."""
    place = place_of(storage)
    for alias, other in known:
        if place_of(other) == place:
            return alias
    if place.kind == "directory":
        return place.path
    inner = bare(storage)
    bucket = _first(inner, "bucket_name", "azure_container", "container_name")
    return f"{bucket}/{place.path}".rstrip("/") if bucket else type(inner).__name__


def _first(storage: Any, *names: str) -> str:
    return next((str(value) for name in names if (value := getattr(storage, name, None))), "")


def _made_with(storage: Any) -> str:
    """What it was made with; by its own attributes where it does not say."""
    deconstruct = getattr(storage, "deconstruct", None)
    return repr(deconstruct()) if callable(deconstruct) else repr(id(storage))
