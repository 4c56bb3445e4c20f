"""`clearway prune`: releases past retention go, in two phases.

1. mark: the history no longer lists them, and the indexes no longer promise their files
2. sweep: the files that only they list, then their indexes and records; a run that was killed in between left records
   that no history lists, and the next run sweeps those

Unknown files are never touched, nor what the current or a pinned release needs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from clearway.catalog.asset import Variant
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.history import Entry, History
from clearway.catalog.release import Release
from clearway.stores.foreign import is_whole
from clearway.stores.places import Places
from clearway.stores.records import Records
from clearway.stores.store import Store
from clearway.stores.switch import retain

from .errors import ReleaseError
from .files import files_of, union
from .retention import past

_TEMPORARY_FOR = 3600  # seconds after which no run can still be writing a temporary file


@dataclass(frozen=True)
class Prune:
    """What a prune does. `leaving` have an entry in the history, `forgotten` are ids that have none any more."""

    leaving: Mapping[str, Entry]
    forgotten: Sequence[str]
    history: History
    files: Mapping[str, int]
    temporaries: Sequence[tuple[Store, str]]

    @property
    def size(self) -> int:
        return sum(self.files.values())

    @property
    def is_empty(self) -> bool:
        return not (self.leaving or self.forgotten or self.files or self.temporaries)


def plan(places: Places, retain: int, retain_days: int, now: int, pinned: Collection[str] = ()) -> Prune:
    """What a prune at `now` (seconds since 1970) would remove; `pinned` are releases that stay.

    Raises `ReleaseError` when a release that stays cannot tell which files it needs.
    """
    records = places.records
    history, current = records.history(), records.current()
    wanted = {id_ for id_ in (current, *pinned) if id_}
    leaving = [id_ for id_ in past(history, current, retain, retain_days, now) if id_ not in wanted]
    leaving += [id_ for id_ in history.entries.keys() - wanted if id_ not in records.recorded()]
    stays = [id_ for id_ in {**dict.fromkeys(wanted), **history.entries} if id_ not in leaving]
    staying = _staying(records, stays, current)
    seen = {*records.recorded(), *records.indexed()}
    forgotten = sorted(seen - history.entries.keys() - wanted)
    return Prune(
        leaving={id_: history.entries[id_] for id_ in leaving},
        forgotten=forgotten,
        history=replace(history, entries={k: v for k, v in history.entries.items() if k not in leaving}),
        files=_files(_readable(records, [*leaving, *forgotten]), staying, places.published),
        temporaries=list(_temporaries(places, now - _TEMPORARY_FOR)),
    )


def carry_out(planned: Prune, places: Places) -> None:
    """Do it. With nothing to remove, nothing is written."""
    records, published = places.records, places.published
    if planned.leaving or planned.forgotten or planned.history.pending:
        retain(planned.history, records.indexed(), records)
    for name in planned.files:
        published.delete(name)
    published.flush()
    for id_ in (*planned.leaving, *planned.forgotten):
        records.forget(id_)
    for store, name in planned.temporaries:
        store.delete(name)
    records.flush()
    published.flush()


def _staying(records: Records, ids: Sequence[str], current: str | None) -> list[Release]:
    """The releases that stay. One without a record lists nothing, unless it is the current one."""
    releases = []
    for id_ in ids:
        try:
            releases.append(records.release(id_))
        except (RecordError, UnknownReleaseError) as error:
            if isinstance(error, UnknownReleaseError) and id_ != current:
                continue
            raise ReleaseError(f"{error}; until then nobody knows which files it needs: nothing is removed") from error
    return releases


def _readable(records: Records, ids: Sequence[str]) -> list[Release]:
    """The releases among these that can be read: the files of another are unknown files."""
    releases = []
    for id_ in ids:
        try:
            releases.append(records.release(id_))
        except (RecordError, UnknownReleaseError):
            continue
    return releases


def _files(going: Sequence[Release], staying: Sequence[Release], store: Store) -> dict[str, int]:
    """Files that only these releases list, with their sizes. A name without a hash may have been given to something
    else since, so that its contents are compared."""
    kept = union(staying).keys() | {name for release in staying for name in release.assets}
    files = {}
    for name, wanted in _listed(going).items():
        head = None if name in kept else store.head(name)
        if head and (wanted is None or is_whole(store, name, wanted)):
            files[name] = head.size
    return files


def _listed(releases: Sequence[Release]) -> dict[str, Variant | None]:
    """By name, the contents of an unhashed file; None for a name with a hash."""
    listed: dict[str, Variant | None] = {}
    for release in releases:
        listed |= dict.fromkeys(files_of(release))
    for release in releases:
        for name, asset in release.assets.items():
            if asset.name == name:
                listed[name] = asset.stored
            elif asset.plain and name not in listed:
                listed[name] = asset.plain
    return listed


def _temporaries(places: Places, before: int) -> list[tuple[Store, str]]:
    stores = (places.published, places.records.store)
    found = {store.where(name): (store, name) for store in stores for name in store.leftovers(before)}
    return list(found.values())
