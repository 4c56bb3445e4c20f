"""Where the files go that a bridge takes over: onto a disk, or into a store with their header fields."""

from collections.abc import Mapping
from typing import Protocol

from clearway.stores.foreign import content, is_whole
from clearway.stores.store import Store
from clearway.stores.transport import Entry, Transport

from .objects import Object
from .uploading import proven


class Shelf(Protocol):
    """Texts lie there in one `coding`, or with their variants beside them where it is empty. Any number of threads."""

    coding: str

    def has(self, each: Object) -> bool:
        """Whether it is there already."""

    def put(self, each: Object, data: bytes) -> bool:
        """Whether it is there now: a store does not replace another file of this name."""

    def flush(self) -> None:
        """Make what was put durable."""


class Disk:
    """Published files of this machine."""

    coding = ""

    def __init__(self, published: Store) -> None:
        self._published = published

    def has(self, each: Object) -> bool:
        return is_whole(self._published, each.name, each.content)

    def put(self, each: Object, data: bytes) -> bool:
        self._published.swap(each.name, data)
        return True

    def flush(self) -> None:
        self._published.flush()


class Bucket:
    """The objects of a target; `there` are those that a listing gave."""

    def __init__(self, target: Transport, coding: str, there: Mapping[str, Entry]) -> None:
        self.coding = coding
        self._target = target
        self._there = there

    def has(self, each: Object) -> bool:
        found = self._there.get(each.name)
        return found is not None and found.size == each.content.size and self._is(each)

    def put(self, each: Object, data: bytes) -> bool:
        version = self._target.create(each.name, data, each.fields)
        return bool(version and proven(version, data)) or self._is(each)

    def flush(self) -> None:
        self._target.flush()

    def _is(self, each: Object) -> bool:
        try:
            return content(self._target.read(each.name)[0]) == each.content
        except FileNotFoundError:
            return False
