"""The file of a link: a storage by its alias in STORAGES, and a name there."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InvalidStorageError, storages

from clearway.media.private.files import PrivateFile


def alias_of(storage: Any) -> str:
    """The first alias by which STORAGES has a storage of private files. Raises `ValueError`."""
    if not hasattr(storage, "find"):
        raise ValueError(f"A link needs a file in a storage of private files, and this one's is {storage!r}.")
    for alias in storages.backends:
        if storage_of(alias) == storage:
            return str(alias)
    raise ValueError(f"A link needs a file in a storage that STORAGES names, and this one's is {storage!r}.")


def storage_of(alias: str) -> Any:
    """The storage; None where STORAGES has it no more, or it cannot be made."""
    with suppress(InvalidStorageError, ImproperlyConfigured):
        return storages[alias]
    return None


def found(alias: str, name: str) -> PrivateFile | None:
    """The file as it is now."""
    storage = storage_of(alias)
    return None if storage is None else storage.find(name)
