"""Adoption: the first build over a STATIC_ROOT of another storage keeps the files that its pages still ask for."""

from dataclasses import replace

from clearway.catalog import layout
from clearway.catalog.history import Entry, History
from clearway.catalog.release import Release
from clearway.stores.foreign import FINGERPRINT, foreign_assets
from clearway.stores.places import Places


def adopt(places: Places, static_url: str, now: int) -> str | None:
    """Record what a foreign manifest lists as a retained release; its id, or None when there is nothing to adopt.

    Only before the first release: from then on the manifest is ours. A first build that was killed may have left
    its own names there, which a record of ours lists.
    """
    names = None if places.records.current() else places.names()
    if not names or names in [_names(release) for release in places.records.retained()]:
        return None
    release = Release(static_url, FINGERPRINT, foreign_assets(names, places.published))
    if not release.assets:
        return None
    history = places.records.history()
    if release.id not in history.entries:
        _record(release, history, places, now)
    return release.id


def _names(release: Release) -> dict[str, str]:
    return {name: asset.name for name, asset in release.assets.items()}


def _record(release: Release, history: History, places: Places, now: int) -> None:
    head = places.published.head(layout.MANIFEST)
    made = min(head.changed // 10**9, now) if head else now
    entries = {**history.entries, release.id: Entry(created=made, retired=now)}
    places.records.put(layout.record(release.id), release.to_bytes())
    places.records.flush()
    places.records.put(layout.HISTORY, replace(history, entries=entries).to_bytes())
    places.records.flush()
