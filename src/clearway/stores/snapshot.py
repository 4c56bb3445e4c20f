"""Small files of a transport as they were when they were first looked at.

What was read is not asked for again, and a swap succeeds only while it is still true: whoever works out new contents
from old ones finds out when somebody else was quicker.
"""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from time import time_ns

from clearway.http.media_types import media_type

from .directory import Head
from .errors import ChangedError
from .transport import Entry, Fields, Transport, Version

_ALWAYS_ASKED = "no-cache"
_Read = tuple[bytes, Entry] | None


class Snapshot:
    """Files below `folder` of a transport. `swap` raises `ChangedError`. One thread at a time."""

    def __init__(self, transport: Transport, folder: str = "") -> None:
        self._transport = transport
        self._prefix = f"{folder}/" if folder else ""
        self._present: Collection[str] | None = None
        self._seen: dict[str, _Read] = {}

    def limit(self, present: Collection[str]) -> None:
        """Ask for no other files than `present` from now on, names of the transport that a listing gave."""
        self._present = present

    def where(self, name: str = "") -> str:
        """A file as people write it."""
        return f"{self._transport.where}/{self._prefix}{name}".rstrip("/")

    def read(self, name: str) -> bytes:
        """A whole file. Raises `FileNotFoundError`."""
        found = self._look(name)
        if found is None:
            raise FileNotFoundError(f"{self.where(name)} does not exist")
        return found[0]

    def digest(self, name: str) -> str | None:
        """The SHA-256 of a file in hex; None when there is none."""
        found = self._look(name)
        return hashlib.sha256(found[0]).hexdigest() if found else None

    def head(self, name: str) -> Head | None:
        """Size and time of a file; None when there is none."""
        found = self._look(name)
        return Head(found[1].size, found[1].changed) if found else None

    def list(self, folder: str) -> Iterator[str]:
        """The names of the files directly in `folder`, sorted."""
        above = f"{self._prefix}{folder}/"
        entries = self._present if self._present is not None else [each.name for each in self._transport.list()]
        inside = sorted(name for name in entries if name.startswith(above) and "/" not in name[len(above) :])
        yield from (name.removeprefix(self._prefix) for name in inside)

    def swap(self, name: str, data: bytes) -> None:
        """Write a file that is still as it was seen. Raises `ChangedError`."""
        seen, key = self._look(name), self._prefix + name
        fields = Fields(media_type(name) if "." in name else "application/octet-stream", _ALWAYS_ASKED)
        try:
            if seen:
                version: Version | None = self._transport.swap(key, data, fields, seen[1].version)
            else:
                version = self._transport.create(key, data, fields)
        except ChangedError:
            version = None
        if version is None:  # or the answer was lost, and it was this writer when it asked again
            self._seen[name] = now = self._ask(key)
            if now is None or now[0] != data:
                raise ChangedError(self.where(name))
        else:
            self._seen[name] = (data, Entry(key, len(data), version, time_ns()))

    def delete(self, name: str) -> None:
        """Remove a file."""
        self._transport.delete([self._prefix + name])
        self._seen[name] = None

    def leftovers(self, before: int) -> Iterator[str]:
        """None: an object is whole or not there."""
        yield from ()

    def flush(self) -> None:
        """Make what was written durable."""
        self._transport.flush()

    def locked(self) -> AbstractContextManager[None]:
        """Keep other runs away, where the store does not do it by itself."""
        return self._transport.alone()

    def _look(self, name: str) -> _Read:
        if name not in self._seen:
            key = self._prefix + name
            is_asked = self._present is None or key in self._present
            self._seen[name] = self._ask(key) if is_asked else None
        return self._seen[name]

    def _ask(self, key: str) -> _Read:
        try:
            return self._transport.read(key)
        except FileNotFoundError:
            return None


class Unremembered(Snapshot):
    """Files that are asked for each time, so that large ones do not pile up. Any number of threads may read."""

    def _look(self, name: str) -> _Read:
        return self._ask(self._prefix + name)
