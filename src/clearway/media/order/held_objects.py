"""The quarantine in a bucket, by what every storage can do: an object is copied, compared and deleted.

The object at its own name is the one that counts until it is deleted, so that a crash leaves one too many, never one
too few; the next use of the name removes it. Whoever may read the bucket can still read what is held.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from time import time
from typing import Any

from django.core.files.base import ContentFile

from clearway.media.quarantine import FOLDER, Note, key_of

_FILES, _NOTES = f"{FOLDER}/files/", f"{FOLDER}/notes/"


class HeldObjects:
    """Of the objects of a storage, by their names. Methods raise what the storage raises."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __contains__(self, name: str) -> bool:
        return bool(self._storage.exists(_FILES + name))

    def __iter__(self) -> Iterator[Note]:
        try:
            _, notes = self._storage.listdir(_NOTES.rstrip("/"))
        except FileNotFoundError:
            return
        for each in notes:
            note = self._read(_NOTES + each)
            if note and note.name in self:
                yield note

    def held(self, name: str) -> Note | None:
        """The note of an object that is held."""
        if name not in self:
            return None
        return self._read(_NOTES + key_of(name)) or Note(name, "unknown", 0, "")

    def open(self, name: str) -> Any:
        """An object that is held, for reading."""
        return self._storage.open(_FILES + name, "rb")

    def hold(self, name: str, reason: str) -> Note:
        """Move the object at `name` here. Raises `FileNotFoundError`; `FileExistsError` where another one is held."""
        if not self._storage.exists(name):
            raise FileNotFoundError(name)
        note = Note(name, reason, int(time()), self._digest(name))
        if name in self and self._digest(_FILES + name) != note.sha256:
            raise FileExistsError(f"{name} is held already")
        self._put(_NOTES + key_of(name), ContentFile(json.dumps({"schema": 1, **asdict(note)}).encode()))
        self._copy(name, _FILES + name, note.sha256)
        self._storage.delete(name)
        return note

    def restore(self, name: str) -> None:
        """Move an object back to `name`. Raises `FileNotFoundError`; `FileExistsError` where another one is."""
        if name not in self:
            raise FileNotFoundError(name)
        digest = self._digest(_FILES + name)
        if self._storage.exists(name) and self._digest(name) != digest:
            raise FileExistsError(f"{name} exists")
        self._copy(_FILES + name, name, digest)
        self.discard(name)

    def discard(self, name: str) -> None:
        """Delete an object that is held. Raises `FileNotFoundError`."""
        if name not in self:
            raise FileNotFoundError(name)
        self._storage.delete(_FILES + name)
        self._storage.delete(_NOTES + key_of(name))

    def heal(self) -> None:
        """Nothing: what a crash left is told by the object at its own name."""

    def _copy(self, source: str, target: str, digest: str) -> None:
        if self._storage.exists(target):
            self._storage.delete(target)
        with self._storage.open(source, "rb") as file:
            self._put(target, file)
        if self._digest(target) != digest:
            raise OSError(f"{target} is not what {source} was; both are kept")

    def _put(self, name: str, content: Any) -> None:
        if self._storage.exists(name):
            self._storage.delete(name)
        given = self._storage.save(name, content)
        if given != name:
            self._storage.delete(given)
            raise FileExistsError(f"the storage keeps {name} as {given}")

    def _digest(self, name: str) -> str:
        digest = sha256()
        with self._storage.open(name, "rb") as file:
            for chunk in file.chunks():
                digest.update(chunk)
        return digest.hexdigest()

    def _read(self, name: str) -> Note | None:
        try:
            with self._storage.open(name, "rb") as file:
                read = json.loads(file.read())
            return Note(str(read["name"]), str(read["reason"]), int(read["held"]), str(read["sha256"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
