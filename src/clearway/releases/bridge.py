"""`clearway bridge FROM`: take over the files that pages of an older deployment still ask for.

Of FROM only the hashed files and what lists them are read, never to replace a name that this site gives. They
become releases that are retained and retired, so that retention ends them like any other.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from clearway.catalog import layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.history import Entry
from clearway.catalog.release import Release
from clearway.http.header_rules import FOREVER
from clearway.stores.foreign import Readable, belies_its_name, content, is_public
from clearway.stores.places import Places
from clearway.stores.switch import retain

from .errors import ReleaseError
from .files import Difference, union
from .objects import Object, representations
from .shelves import Shelf

_AT_ONCE = 8  # files
_ALWAYS_ASKED = "no-cache"
_MISSING = "is missing or damaged there"


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


def bridge(
    olds: Sequence[Old], source: Readable, places: Places, shelf: Shelf, now: int, *, dry_run: bool = False
) -> Bridged:
    """Take over releases whose files are read from `source`. Files are durable before a record lists them."""
    done, taken = Bridged(), []
    here = union(places.records.retained())
    for old in olds:
        taker = _Taker(old, source, here, shelf, done, dry_run=dry_run)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            rows = zip(old.release.assets, pool.map(taker.take, old.release.assets.items()), strict=True)
            assets = {name: asset for name, asset in rows if asset}
        assets = {name: _without(asset, assets) for name, asset in assets.items()}
        taken += [replace(old, release=replace(old.release, assets=assets))] if assets else []
    done.differences.sort()
    done.files = dict(sorted(done.files.items()))
    retained = places.records.history().entries
    done.releases = [old.release.id for old in taken if old.release.id not in retained]
    if taken and not dry_run:
        shelf.flush()
        _record(taken, places, now)
    return done


def _without(asset: Asset, taken: Mapping[str, Asset]) -> Asset:
    """The asset without references to what was left behind: that was said once, now."""
    return replace(asset, references=tuple(name for name in asset.references if name in taken))


class _Taker:
    """Takes the files of one release, by any number of threads."""

    def __init__(
        self, old: Old, source: Readable, here: Mapping[str, Variant], shelf: Shelf, done: Bridged, *, dry_run: bool
    ) -> None:
        self._old, self._source, self._here, self._shelf, self._done = old, source, here, shelf, done
        self._dry_run = dry_run

    def take(self, row: tuple[str, Asset]) -> Asset | None:
        """The asset as far as it was taken over; None when it was left behind."""
        name, asset = row
        data = self._read(asset.name, Variant(asset.size, asset.sha256))
        text, taken = self._obstacle(name, asset, data), None
        if not text:
            caching = FOREVER if asset.never_changes(name) else _ALWAYS_ASKED
            taken = self._taken(replace(asset, plain=None, encoded={}), data, caching)
            if taken or (data is None and asset.name == name):
                return taken
            text = _MISSING if data is None else "is another file here; the one that is here stays"
        self._done.differences.append(Difference(asset.name, text, (self._old.release.id,)))
        return None

    def _read(self, name: str, wanted: Variant) -> bytes | None:
        """A file that is there as its record says."""
        try:
            data = self._source.read(name)
        except (OSError, ValueError):  # a name that is none
            return None
        return data if content(data) == wanted else None

    def _obstacle(self, name: str, asset: Asset, data: bytes | None) -> str | None:
        if not is_public(asset.name) or not is_public(name):
            return "is not the name of a published file"
        known, coding = self._here.get(asset.name), self._shelf.coding
        plain = Variant(asset.size, asset.sha256)
        if known and known not in (plain, asset.variants.get(coding)):
            return "is another file in a release that is here; the one that is here stays"
        if not self._old.is_recorded and data is not None and belies_its_name(asset.name, data):
            return "does not have the hash that its name says"
        return None

    def _taken(self, asset: Asset, data: bytes | None, caching: str) -> Asset | None:
        """With the variants that are there whole, beside the file or, in one coding, in its place."""
        coding = self._shelf.coding
        put = [each for each in representations(asset, coding, caching) if self._put(each, data)]
        if coding and not put:
            plain = representations(replace(asset, variants={}), coding, caching)
            put = [each for each in plain if self._put(each, data)]
        if asset.name not in {each.name for each in put}:
            return None
        encoded = {each.fields.encoding: each.content for each in put if each.fields.encoding}
        return replace(asset, variants={}, encoded=encoded) if coding else replace(asset, variants=encoded)

    def _put(self, each: Object, plain: bytes | None) -> bool:
        """Whether a file is here now, or would be. A site answers with variants by negotiation, not under names."""
        if each.name in self._done.files:
            return True
        if self._shelf.has(each):
            self._done.known.add(each.name)
            return True
        data = self._read(each.file, each.content) if each.fields.encoding else plain
        if data is None or not (self._dry_run or self._shelf.put(each, data)):
            return False
        self._done.files[each.name] = each.content.size
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
    forgotten = {id_: left for id_, left in history.forgotten.items() if id_ not in entries}
    history = replace(history, entries=entries, forgotten=forgotten)
    retain(history, [current] if current else [], records)


def nothing_to_bridge(where: str) -> ReleaseError:
    """The error for a FROM that lists nothing."""
    return ReleaseError(
        f"{where} has neither {layout.FOLDER} nor {layout.MANIFEST}; give the old STATIC_ROOT, or a copy of it"
    )
