"""Making a release current: history, indexes, manifest, and the pointer last.

Where the pointer stays, nothing else would tell that all is done: the history says that it is `pending`, and last that
it is not. Whoever finds it so makes all indexes again.
"""

from collections.abc import Iterable
from dataclasses import replace

from clearway.catalog import index, layout
from clearway.catalog.history import History
from clearway.catalog.index import Index
from clearway.catalog.release import Release

from .places import Places
from .records import Records


def switch(release: Release, history: History, places: Places, *, reindex: bool = False) -> None:
    """Make a release current whose files and record are there; `history` is what is true from then on.

    With `reindex`, or when the history or the current release changes, the indexes are made again: a run that was
    killed may have written the history and not them. With nothing to change, nothing is written.

    The index of the release that it follows comes first: processes of that one must know the new names before the
    manifest gives them away.
    """
    records = places.records
    places.look()
    is_new = not records.has(layout.HISTORY, history.to_bytes())
    pending = history.pending or (is_new and records.current() == release.id)
    _put_history(release, history, records, pending=pending, reindex=reindex)
    records.flush()
    if pending:
        places.fence()
    places.publish_names({name: asset.name for name, asset in release.assets.items()})
    records.put(layout.CURRENT, layout.pointer(release.id, history.sweeps).encode())
    records.flush()
    if pending:
        records.put(layout.HISTORY, replace(history, pending=False).to_bytes())
        records.flush()


def _put_history(release: Release, history: History, records: Records, *, pending: bool, reindex: bool) -> None:
    union, previous = records.union(), records.current()
    reindex |= records.put(layout.HISTORY, replace(history, pending=pending).to_bytes()) or previous != release.id
    both = [id_ for id_ in (previous, release.id) if id_]
    if history.pending:
        put_indexes([*both, *records.indexed()], history, records)
    elif reindex:
        if not (union and _add_to_index(union, release, history, records)):
            put_indexes(both, history, records)
    elif not union and not records.has_index(release.id):
        put_indexes([release.id], history, records)


def retain(history: History, ids: Iterable[str], records: Records) -> None:
    """Write a history that retains others than the one before, and these indexes by it. The same one is not written."""
    if history.pending or not records.has(layout.HISTORY, history.to_bytes()):
        records.put(layout.HISTORY, replace(history, pending=True).to_bytes())
        records.flush()
    put_indexes([*ids, *(records.indexed() if history.pending else ())], history, records)
    records.flush()
    records.put(layout.HISTORY, replace(history, pending=False).to_bytes())
    records.flush()


def put_indexes(ids: Iterable[str], history: History, records: Records) -> None:
    """Write the indexes of some retained releases: each is the union of all, seen from that one."""
    releases = dict(records.retained_of(history))
    origins = history.origins(releases.values())
    for id_ in dict.fromkeys(ids):
        if id_ in releases:
            others = [releases[other] for other in history.newest_first(id_)[1:] if other in releases]
            records.put(layout.index(id_), index.encode(releases[id_], others, origins))


def _add_to_index(last: Index, release: Release, history: History, records: Records) -> bool:
    """The same from the index of the current release, for one that is newer than all in it; whether that was possible.

    Reading the records of all releases would make a build the slower, the more are retained.
    """
    known = last.everything() if _is_newest(release.id, last, history) else None
    if known is None or not known.is_told_apart_from(release):
        return False
    origins = {**{asset.name: release.id for asset in release.assets.values()}, **known.origins}
    ids = last.union | {release.id}
    records.put(layout.index(last.current), index.encode(known.current, [release, known.every], origins, ids))
    records.put(layout.index(release.id), index.encode(release, [known.every], origins, ids))
    return True


def _is_newest(id_: str, union: Index, history: History) -> bool:
    """Whether a release comes after all others in every respect: where two are of one second, their ids decide."""
    entries, made = history.entries, history.entries[id_].created
    if id_ in union.union or entries.keys() != union.union | {id_}:
        return False
    others = [each for other, each in entries.items() if other != id_]
    earlier = [each.retired or 0 for other, each in entries.items() if other not in (id_, union.current)]
    return max([each.created for each in others] + earlier, default=0) < made
