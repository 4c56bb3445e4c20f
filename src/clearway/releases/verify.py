"""`clearway verify`: whether everything on disk is as the records say."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from clearway.catalog import layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.index import DIGEST_OCTETS, Index
from clearway.catalog.release import Release
from clearway.http.negotiation import IDENTITY, SUFFIXES
from clearway.stores.decode import decoded
from clearway.stores.foreign import is_whole
from clearway.stores.places import Places
from clearway.stores.records import Records

from .budget import map_within
from .files import Difference, examined, union


@dataclass(frozen=True)
class Verified:
    """What was compared, and each difference."""

    releases: Sequence[str]
    files: int
    size: int
    differences: Sequence[Difference]


def verify(places: Places) -> Verified:
    """Compare the retained releases with the files, the indexes and the manifest. Nothing is written."""
    records = places.records
    releases, differences = _readable(records)
    files = union(releases)
    needed = _distinct(releases)
    found = map_within(lambda row: list(_assets(row, places)), needed, lambda row: row[0].size)
    differences += _those_that_count(needed, list(found))
    for release in releases:
        differences += _references(release)
    differences += [*_indexes(records, releases), *_current(places, releases)]
    size = sum(each.size for each in files.values())
    return Verified([release.id for release in releases], len(files), size, sorted(set(differences)))


def _readable(records: Records) -> tuple[list[Release], list[Difference]]:
    history, current = records.history(), records.current()
    releases, differences = [], []
    for id_ in [id_ for id_ in history.newest_first(current or "") if id_]:
        try:
            releases.append(records.release(id_))
            if releases[-1].id != id_:
                differences.append(Difference(layout.record(id_), f"is the record of {releases[-1].id}", (id_,)))
        except (RecordError, UnknownReleaseError) as error:
            differences.append(Difference(layout.record(id_), str(error), (id_,)))
    if history.entries and current is None:
        differences.append(Difference(layout.CURRENT, "is missing or damaged", ()))
    return releases, differences


# --- files

Needed = tuple[Asset, tuple[str, ...], bool]
"""An asset, the releases that list it, and whether its name says its contents."""


def _distinct(releases: Sequence[Release]) -> list[Needed]:
    """Each asset once, with the releases that list it: they share most of them."""
    needed: dict[str, list[str]] = defaultdict(list)
    assets: dict[str, tuple[Asset, bool]] = {}
    for release in releases:
        for name, asset in release.assets.items():
            key = f"{asset.name}\n{asset.sha256}\n{sorted(asset.variants)}\n{sorted(asset.encoded)}"
            needed[key].append(release.id)
            assets[key] = (asset, asset.never_changes(name))
    return [(assets[key][0], tuple(ids), assets[key][1]) for key, ids in needed.items()]


def _those_that_count(needed: Sequence[Needed], found: Sequence[list[Difference]]) -> Iterator[Difference]:
    """A name that may change has the contents of one release only, whichever that is."""
    whole = {asset.name for (asset, _, _), differences in zip(needed, found, strict=True) if not differences}
    for (asset, _, fixed), differences in zip(needed, found, strict=True):
        if fixed or asset.name not in whole:
            yield from differences


def _assets(needed: Needed, places: Places) -> Iterator[Difference]:
    asset, ids, _ = needed
    text, data = examined(places.published, asset.name, asset.stored)
    for coding in asset.encoded:
        text = text or _undecodable(data, coding, asset, "its record says")
    if text:
        yield Difference(asset.name, text, ids)
    for coding, variant in asset.variants.items():
        name = asset.name + SUFFIXES.get(coding, "")
        text, data = examined(places.published, name, variant)
        text = text or _undecodable(data, coding, asset, asset.name)
        if text:
            yield Difference(name, text, ids)


def _undecodable(encoded: bytes, coding: str, asset: Asset, original: str) -> str | None:
    data = decoded(coding, encoded)
    if data is None:
        return f"is not {coding}"
    return None if sha256(data).hexdigest() == asset.sha256 else f"decodes to something else than {original}"


def _references(release: Release) -> Iterator[Difference]:
    for asset in release.assets.values():
        for other in asset.references:
            if other not in release.assets:
                yield Difference(asset.name, f"refers to {other}, which is not in the release", (release.id,))


# --- records


def _indexes(records: Records, releases: Sequence[Release]) -> Iterator[Difference]:
    """The index of the current release must be there; others may, and what they say must be true."""
    current, by_id = records.current(), {release.id: release for release in releases}
    for id_ in dict.fromkeys([*([current] if current else []), *records.indexed()]):
        if id_ not in by_id:
            continue
        try:
            text = _untrue(records.index(id_), by_id[id_], releases, whole=id_ == current)
        except (OSError, RecordError) as error:
            text = str(error)
        if text:
            yield Difference(layout.index(id_), text, (id_,))


def _untrue(index: Index, own: Release, releases: Sequence[Release], *, whole: bool) -> str | None:
    if index.current != own.id:
        return f"is the index of {index.current}"
    listed = {asset.name: asset for release in (*releases, own) for asset in release.assets.values()}
    for name in index.names():
        if name not in listed and name not in own.assets:
            return f"promises {name}, which no record lists"
    for name, asset in listed.items() if whole else ():
        if not _agrees(index, name, asset):
            return f"does not say of {name} what the records say"
    return None


def _agrees(index: Index, name: str, asset: Asset) -> bool:
    found = index.find(name)
    codings = {coding: (each.size, each.sha256) for coding, each in asset.variants.items()}
    rows = {IDENTITY: (asset.size, asset.sha256)} | codings
    wanted = {(coding, size, bytes.fromhex(digest)[:DIGEST_OCTETS]) for coding, (size, digest) in rows.items()}
    return found is not None and found.published_name == name and set(found.codings) == wanted


def _current(places: Places, releases: Sequence[Release]) -> Iterator[Difference]:
    """The manifest, and the unhashed files of the current release."""
    current = places.records.current()
    release = next((each for each in releases if each.id == current), None)
    if release is None:
        return
    if places.names() != {name: asset.name for name, asset in release.assets.items()}:
        yield Difference(layout.MANIFEST, "does not give the names of the current release", (release.id,))
    owned = {asset.name for each in releases for asset in each.assets.values()}
    for name, asset in release.assets.items():
        if asset.plain and name not in owned and not _is_right(places, name, asset, asset.plain):
            yield Difference(name, "is not the unhashed file of the current release", (release.id,))


def _is_right(places: Places, name: str, asset: Asset, plain: Variant) -> bool:
    return any(is_whole(places.published, name, each) for each in (plain, Variant(asset.size, asset.sha256)))
