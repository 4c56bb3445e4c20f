"""The records of the releases, read and written through a store: `releases/`, history, indexes, current."""

import logging
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from clearway.catalog import layout
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.history import Entry, History
from clearway.catalog.index import Index
from clearway.catalog.release import Release

from .directory import Head
from .store import Store

_ID = re.compile(r"[0-9a-f]{16}\Z")
_log = logging.getLogger(__name__)


class Records:
    """The folder of records. Reading never fails over one damaged record unless that one is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Release] | None = None  # what `reading_once` has read

    @contextmanager
    def reading_once(self) -> Iterator[None]:
        """Keep each release that is read meanwhile: a record never changes, and reading it takes long."""
        before = self._read
        self._read = {} if before is None else before
        try:
            yield
        finally:
            self._read = before

    def current(self) -> str | None:
        """The id of the current release; None before the first build, or when the pointer is damaged."""
        try:
            id_ = self._store.read(layout.CURRENT).decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return id_ if _ID.match(id_) else None

    def release(self, id_: str) -> Release:
        """One release. Raises `UnknownReleaseError`, or `RecordError` when its record is damaged."""
        if not _ID.match(id_):
            raise UnknownReleaseError(f"{id_!r} is not the id of a release (16 hex digits)")
        known = (self._read or {}).get(id_)
        return known or self._keep(id_, self._release(id_))

    def history(self) -> History:
        """The history; when it is missing or damaged, every record that lies here counts as retained."""
        try:
            return History.from_bytes(self._store.read(layout.HISTORY), self._store.where(layout.HISTORY))
        except (FileNotFoundError, NotADirectoryError):
            return self._rebuilt_history()
        except RecordError as error:
            _log.warning("%s; rebuilding it from the records", error)
            return self._rebuilt_history()

    def retained(self) -> Iterator[Release]:
        """All retained releases whose record can be read, the current one first, then the latest retired."""
        return (release for _, release in self.retained_of(self.history()))

    def retained_of(self, history: History) -> Iterator[tuple[str, Release]]:
        """The releases of a history with their ids, in the order of `retained`."""
        for id_ in history.newest_first(self.current() or ""):
            if id_ in history.entries:
                try:
                    yield id_, self.retained_release(id_)
                except (RecordError, UnknownReleaseError) as error:
                    _log.warning("%s; its files are not retained", error)

    def retained_release(self, id_: str) -> Release:
        """As `release`, known by the name of its record: working an id out takes a third of the time of reading."""
        release = self.release(id_)
        vars(release)["id"] = id_
        return release

    def stamp(self) -> tuple[Head | None, Head | None]:
        """Changes whenever the retained releases or the current one may have changed."""
        return self._store.head(layout.HISTORY), self._store.head(layout.CURRENT)

    def has_index(self, id_: str) -> bool:
        """Whether the index of a release is there and whole."""
        try:
            return Index(self._store.read(layout.index(id_))).current == id_
        except (FileNotFoundError, NotADirectoryError, RecordError):
            return False

    def digest(self, name: str) -> str:
        """The SHA-256 of a file of the records, in hex; empty when it cannot be read."""
        return self._store.digest(name) or ""

    def put_release(self, release: Release, data: bytes) -> bool:
        """Put the record of a release, `data`; whether it was written."""
        self._keep(release.id, release)
        return self.put(layout.record(release.id), data)

    def put(self, name: str, data: bytes) -> bool:
        """Swap a file of the records unless it has these bytes already; whether it was written."""
        if self.has(name, data):
            return False
        self._store.swap(name, data)
        return True

    def has(self, name: str, data: bytes) -> bool:
        """Whether a file of the records has these bytes."""
        try:
            return self._store.read(name) == data
        except (FileNotFoundError, NotADirectoryError):
            return False

    def recorded(self) -> list[str]:
        """The ids of all releases that have a record here, retained or not."""
        return self._ids("releases", ".json")

    def indexed(self) -> list[str]:
        """The ids of all releases that have an index here."""
        return self._ids("catalogs", "")

    def index(self, id_: str) -> Index:
        """The index of a release. Raises `FileNotFoundError`, and `RecordError` when it is damaged."""
        where = layout.index(id_)
        return Index(self._store.read(where), self._store.where(where), self.history())

    def union(self) -> Index | None:
        """The index of the current release, if it lists what all retained releases list; None when nobody knows."""
        try:
            index = self.index(self.current() or "")
        except (OSError, RecordError):
            return None
        return index if index.union == self.history().entries.keys() else None

    def forget(self, id_: str) -> None:
        """Remove the index and the record of a release."""
        self._store.delete(layout.index(id_))
        self._store.delete(layout.record(id_))

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other run away meanwhile. Raises `LockedError` when one is here already."""
        return self._store.locked()

    @property
    def store(self) -> Store:
        """The transport that the records lie on."""
        return self._store

    def flush(self) -> None:
        """Make what was put and forgotten durable."""
        self._store.flush()

    def _release(self, id_: str) -> Release:
        where = self._store.where(layout.record(id_))
        try:
            return Release.from_bytes(self._store.read(layout.record(id_)), where)
        except (FileNotFoundError, NotADirectoryError):
            raise UnknownReleaseError(f"there is no release {id_}: {where} does not exist") from None

    def _keep(self, id_: str, release: Release) -> Release:
        if self._read is not None:
            self._read[id_] = release
        return release

    def _rebuilt_history(self) -> History:
        current, entries = self.current(), {}
        for id_ in self.recorded():
            if head := self._store.head(layout.record(id_)):
                made = head.changed // 10**9
                entries[id_] = Entry(created=made, retired=None if id_ == current else made)
        return History(entries)

    def _ids(self, folder: str, suffix: str) -> list[str]:
        names = (name.removeprefix(f"{folder}/") for name in self._store.list(folder))
        return [name.removesuffix(suffix) for name in names if _ID.match(name.removesuffix(suffix))]


class KeptRecords(Records):
    """Records of which each release is read once."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._read = {}
