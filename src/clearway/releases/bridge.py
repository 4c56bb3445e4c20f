"""`clearway bridge FROM`: take over the files that pages of an older deployment still ask for.

Of FROM only the hashed files and what lists them are read, never to replace a name that this site gives. They
become releases that are retained and retired, so that retention ends them like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from clearway.catalog import layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.history import Entry
from clearway.catalog.release import Release
from clearway.http.negotiation import SUFFIXES
from clearway.stores.foreign import Readable, belies_its_name, is_public, is_whole
from clearway.stores.places import Places
from clearway.stores.switch import put_indexes

from .errors import ReleaseError
from .files import Difference, union


@dataclass(frozen=True)
class Old:
    """A release of another deployment, with its times; `verified` when a record of Clearway gives its digests."""

    release: Release
    entry: Entry
    is_recorded: bool


@dataclass
class Bridged:
    """What was taken over, or would be: ids and files (with sizes) that were not here, and what was left behind."""

    releases: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    differences: list[Difference] = field(default_factory=list)


def bridge(olds: Sequence[Old], source: Readable, places: Places, now: int, *, dry_run: bool = False) -> Bridged:
    """Take over releases whose files are read from `source`. Files are durable before a record lists them."""
    done = Bridged()
    here = union(places.records.retained())
    taken = [replace(old, release=_take(old, source, places, here, done, dry_run)) for old in olds]
    taken = [old for old in taken if old.release.assets]
    retained = places.records.history().entries
    done.releases = [old.release.id for old in taken if old.release.id not in retained]
    if taken and not dry_run:
        places.published.flush()
        _record(taken, places, now)
    return done


def _take(
    old: Old, source: Readable, places: Places, here: Mapping[str, Variant], done: Bridged, dry_run: bool
) -> Release:
    assets = {}
    for name, asset in old.release.assets.items():
        if text := _obstacle(name, asset, old, source, here):
            done.differences.append(Difference(asset.name, text, (old.release.id,)))
        elif _copy(asset.name, Variant(asset.size, asset.sha256), source, places, done, dry_run):
            assets[name] = replace(asset, variants=_take_variants(asset, source, places, done, dry_run), plain=None)
        elif asset.name != name:
            done.differences.append(Difference(asset.name, "is missing or damaged there", (old.release.id,)))
    return replace(old.release, assets={name: _without(asset, assets) for name, asset in assets.items()})


def _without(asset: Asset, taken: Mapping[str, Asset]) -> Asset:
    """The asset without references to what was left behind: that was said once, now."""
    return replace(asset, references=tuple(name for name in asset.references if name in taken))


def _obstacle(name: str, asset: Asset, old: Old, source: Readable, here: Mapping[str, Variant]) -> str | None:
    if not is_public(asset.name) or not is_public(name):
        return "is not the name of a published file"
    known = here.get(asset.name)
    if known and known != Variant(asset.size, asset.sha256):
        return "is another file in a release that is here; the one that is here stays"
    if not old.is_recorded and belies_its_name(asset.name, source.read(asset.name)):
        return "does not have the hash that its name says"
    return None


def _take_variants(asset: Asset, source: Readable, places: Places, done: Bridged, dry_run: bool) -> dict[str, Variant]:
    """The variants that are there whole; a site answers with them only by negotiation, so not under their names."""
    return {
        coding: variant
        for coding, variant in asset.variants.items()
        if coding in SUFFIXES and _copy(asset.name + SUFFIXES[coding], variant, source, places, done, dry_run)
    }


def _copy(name: str, wanted: Variant, source: Readable, places: Places, done: Bridged, dry_run: bool) -> bool:
    """Whether a file is here now, or would be."""
    if name in done.files:
        return True
    if is_whole(places.published, name, wanted):
        done.known.add(name)
        return True
    if not is_whole(source, name, wanted):
        return False
    if not dry_run:
        places.published.swap(name, source.read(name))
    done.files[name] = wanted.size
    return True


def _record(olds: Sequence[Old], places: Places, now: int) -> None:
    """Records, then the history, then the index that current processes serve from."""
    records = places.records
    history, current, recorded = records.history(), records.current(), records.recorded()
    entries = dict(history.entries)
    for old in olds:
        if old.release.id not in recorded:
            records.put(layout.record(old.release.id), old.release.to_bytes())
        retired = now if old.entry.retired is None else old.entry.retired
        entries.setdefault(old.release.id, Entry(created=min(old.entry.created, now), retired=min(retired, now)))
    records.flush()
    history = replace(history, entries=entries)
    records.put(layout.HISTORY, history.to_bytes())
    put_indexes([current] if current else [], history, records)
    records.flush()


def nothing_to_bridge(where: str) -> ReleaseError:
    """The error for a FROM that lists nothing."""
    return ReleaseError(
        f"{where} has neither {layout.FOLDER} nor {layout.MANIFEST}; give the old STATIC_ROOT, or a copy of it"
    )
