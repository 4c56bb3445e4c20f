"""`clearway releases`: what is retained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.history import Entry
from clearway.catalog.release import Release
from clearway.stores.records import Records

from .files import files_of, union
from .retention import past


@dataclass(frozen=True)
class Listed:
    """One retained release; `release` is None when its record cannot be read."""

    id: str
    entry: Entry
    release: Release | None
    is_current: bool
    is_past_retention: bool

    @property
    def size(self) -> int:
        """Octets of its files, variants included."""
        return sum(each.size for each in files_of(self.release).values()) if self.release else 0


@dataclass(frozen=True)
class Listing:
    """The retained releases, the current one first, and the octets of all of their files.

    `forgotten` are releases of a store that left, when, and whose objects are not removed yet.
    """

    rows: Sequence[Listed]
    size: int
    forgotten: Mapping[str, int]


def list_releases(records: Records, retain: int, retain_days: int, now: int) -> Listing:
    """Read all records that the history lists."""
    history, current = records.history(), records.current()
    leaving = past(history, current, retain, retain_days, now)
    ids = [id_ for id_ in history.newest_first(current or "") if id_ in history.entries]
    rows = [Listed(id_, history.entries[id_], _read(records, id_), id_ == current, id_ in leaving) for id_ in ids]
    together = union(row.release for row in rows if row.release)
    return Listing(rows, sum(each.size for each in together.values()), history.forgotten)


def _read(records: Records, id_: str) -> Release | None:
    try:
        return records.release(id_)
    except (RecordError, UnknownReleaseError):
        return None
