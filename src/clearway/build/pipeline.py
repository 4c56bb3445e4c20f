"""The whole build, from a plan to a current release. At every instant the current release is complete.

1. files, then variants: new names only, so nobody refers to them yet
2. the record, then the history, then the indexes
3. staticfiles.json: from now on a process that starts uses the new names
4. current: the release is the one that is served
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256

from clearway.catalog import layout
from clearway.catalog.release import Release
from clearway.stores.places import LocalPlaces, Places
from clearway.stores.records import Records
from clearway.stores.switch import switch

from .adopt import adopt
from .cache import Cache
from .collector import paused
from .emit import Emitter, Told, remove_originals
from .encode import Encoders, is_worth_trying
from .kept import Kept
from .memory import Memory, key
from .plan import Plan
from .recipe import Recipe


@dataclass(frozen=True)
class Built:
    """A finished build: its release, and the logical names whose published file, or whose original, was written."""

    release: Release
    written: frozenset[str]
    healed: frozenset[str] = frozenset()


@paused()
def build(
    plan: Plan,
    recipe: Recipe,
    places: LocalPlaces,
    now: int,
    workers: int | None = None,
    *,
    cache: Cache | None = None,
    memory: Memory | None = None,
    encoded: Told = lambda part, whole: None,
) -> Built:
    """Carry out a plan at `now` (seconds since 1970); with nothing to change, nothing is written.

    `encoded` is told how many octets are encoded, and of how many: what takes the longest in a first build.
    Raises `SourceChangedError`, and `OSError` when writing fails; the release that was current stays so.
    """
    cache, memory = cache or Cache(), memory or Memory()
    levels = {coding: recipe.levels[coding] for coding in recipe.encodings}
    kept = Kept(places.records)
    emitter = Emitter(plan, recipe, places.published, Encoders(levels, cache, memory), memory, kept)
    with places.records.reading_once():
        with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
            emitter.emit(places.records.retained(), pool, encoded)
        release = _release(plan, recipe, emitter)
        places.published.flush()
        _commit(release, places, now, memory)
    if not recipe.unhashed:
        remove_originals(plan, places.published)
        places.published.flush()
    emitter.remember()
    memory.save()
    cache.prune()
    return Built(release, frozenset(emitter.written), frozenset(emitter.healed))


def _release(plan: Plan, recipe: Recipe, emitted: Emitter) -> Release:
    assets = {}
    for name, planned in plan.assets.items():
        asset, plain = planned.asset, emitted.originals.get(name)
        variants = emitted.variants.get(asset.sha256) if is_worth_trying(name, asset.type, recipe.skip) else None
        assets[name] = replace(asset, variants=variants or {}, plain=plain) if variants or plain else asset
    return Release(recipe.static_url, recipe.fingerprint, assets)


def _commit(release: Release, places: Places, now: int, memory: Memory) -> None:
    records = places.records
    previous = records.current() or adopt(places, release.static_url, now)
    # read before the record is there: without a history, the record's own time would count
    history = records.history().switched(release.id, previous, now)
    is_new = _put_record(release, records, memory)
    records.flush()
    switch(release, history, places, reindex=is_new)


def _put_record(release: Release, records: Records, memory: Memory) -> bool:
    """Put the record; making its octets only to see that they are there would take the longest in a run like the last.

    The id covers names and digests, the key all that stands in a record besides.
    """
    name, made = layout.record(release.id), key(b"record", *_rest_of_record(release))
    known = memory.get(made)
    if known is not None and records.digest(name) == known.hex():
        return False
    data = release.to_bytes()
    memory.put(made, sha256(data).digest())
    return records.put_release(release, data)


def _rest_of_record(release: Release) -> Iterator[bytes]:
    yield f"{release.id} {release.static_url} {release.fingerprint}".encode()
    for name, asset in release.assets.items():
        variants = "".join(f"{coding}{asset.variants[coding].sha256}" for coding in sorted(asset.variants))
        rest = (
            name,
            asset.type,
            str(asset.immutable),
            asset.source,
            variants,
            asset.plain.sha256 if asset.plain else "",
            *asset.references,
        )
        yield ("\0".join(rest) + "\n").encode("utf-8", "surrogatepass")
