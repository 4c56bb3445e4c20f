"""The objects of a storage that is no directory: what they are, and parts of them."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Protocol

from clearway.http.validators import strong_tag

BLOCK = 256 * 1024  # octets that are in memory at a time


@dataclass(frozen=True)
class Found:
    """An object as it is now: octets, strong entity tag with quotes, seconds since 1970."""

    size: int
    etag: str
    modified: int | None


class Part:
    """The next `count` octets of an open file, which is closed at their end or by who no longer wants them.

    Raises `EOFError` where there are fewer: what was announced cannot be sent.
    """

    def __init__(self, file: Any, count: int) -> None:
        self._file, self._left = file, count

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._left:
            self.close()
            raise StopIteration
        block: bytes = self._file.read(min(BLOCK, self._left))
        if not block:
            self.close()
            raise EOFError(f"{self._left} octets are missing")
        self._left -= len(block)
        return block

    def close(self) -> None:
        """Once more does no harm."""
        self._file.close()


class Objects(Protocol):
    """Objects by the names of the storage. Both wait for the network."""

    def look(self, name: str) -> Found | None:
        """None where there is no such object, or it may not be read."""

    def read(self, name: str, start: int, count: int, etag: str) -> "Part":
        """`count` octets from `start`, block by block, of the object that has this tag.

        Raises `FileNotFoundError` where it is gone or another.
        """


class AnyObjects:
    """Of any storage of Django's: opened, moved to the place, read. What that costs is the storage's matter."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def look(self, name: str) -> Found | None:
        if not self._storage.exists(name):
            return None
        try:
            size, modified = int(self._storage.size(name)), self._modified(name)
        except FileNotFoundError:
            return None
        # without a time, no two requests may take their contents for one
        version = token_hex(8) if modified is None else f"{int(modified * 1_000_000):x}"
        return Found(size, strong_tag(f"{size:x}-{version}"), None if modified is None else int(modified))

    def read(self, name: str, start: int, count: int, etag: str) -> "Part":
        try:
            file = self._storage.open(name, "rb")
            file.seek(start)
        except OSError as error:
            raise FileNotFoundError(f"{name} cannot be read: {error}") from error
        return Part(file, count)

    def _modified(self, name: str) -> float | None:
        with suppress(NotImplementedError):
            return float(self._storage.get_modified_time(name).timestamp())
        return None
