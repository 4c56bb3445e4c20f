"""What is asked of a place that files are published to: a bucket, a container, a directory."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Version(NamedTuple):
    """What tells one content of a name from another, by the word of the store: an entity tag, and a number or id."""

    etag: str | None
    number: str | None = None


class Entry(NamedTuple):
    """What is known of an object without reading it: its size in octets and when it changed (ns since 1970)."""

    name: str
    size: int
    version: Version
    changed: int


@dataclass(frozen=True, slots=True)
class Fields:
    """The header fields with which a store answers for an object; an empty one is not sent."""

    type: str
    caching: str
    encoding: str = ""


class Transport(Protocol):
    """Objects by their names, `/` between the parts. Every write is whole or not there.

    All raise `StoreError` when the store cannot be reached, refuses, or fails; requests are repeated a few times.
    Any number of threads may ask.
    """

    where: str
    """How people write the place: `s3://bucket/prefix`."""

    def list(self) -> Iterator[Entry]:
        """All objects, in no particular order."""

    def head(self, name: str) -> Entry | None:
        """Size and version of an object; None when there is none."""

    def fields(self, name: str) -> Fields | None:
        """The header fields with which the store answers for an object; None where it keeps none."""

    def read(self, name: str) -> tuple[bytes, Entry]:
        """A whole object, and what a listing says of it. Raises `FileNotFoundError`."""

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        """Write an object unless there is one of this name: its version, or None."""

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        """Replace an object that is still of the version `expected`. Raises `ChangedError` when it is not."""

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        """Write an object, whatever was there."""

    def copy(self, source: str, target: str) -> None:
        """Copy an object with its header fields, whatever was there. Raises `FileNotFoundError`."""

    def delete(self, names: Sequence[str]) -> None:
        """Remove objects, as many in one request as the store allows; what is not there is passed over."""

    def flush(self) -> None:
        """Make what was written durable, where the store did not do it before it answered."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep other runs away meanwhile, where conditions do not. Raises `LockedError` when there is one."""
