"""Making a release current: history, indexes, manifest, and the pointer last."""

from collections.abc import Iterable

from clearway.catalog import index, layout
from clearway.catalog.history import History
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
    records, previous = places.records, places.records.current()
    reindex |= records.put(layout.HISTORY, history.to_bytes()) or previous != release.id
    if reindex or not records.has_index(release.id):
        put_indexes([id_ for id_ in (previous, release.id) if id_], history, records)
    records.flush()
    places.publish_names({name: asset.name for name, asset in release.assets.items()})
    records.put(layout.CURRENT, f"{release.id}\n".encode())
    records.flush()


def put_indexes(ids: Iterable[str], history: History, records: Records) -> None:
    """Write the indexes of some retained releases: each is the union of all, seen from that one."""
    releases = dict(records.retained_of(history))
    origins = history.origins(releases.values())
    for id_ in dict.fromkeys(ids):
        if id_ in releases:
            others = [releases[other] for other in history.newest_first(id_)[1:] if other in releases]
            records.put(layout.index(id_), index.encode(releases[id_], others, origins))
