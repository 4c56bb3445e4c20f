"""The whole build, from a plan to a current release. At every instant the current release is complete.

1. files, then variants: new names only, so nobody refers to them yet
2. the record, then the history, then the indexes
3. staticfiles.json: from now on a process that starts uses the new names
4. current: the release is the one that is served
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace

from clearway.catalog import index, layout
from clearway.catalog.history import History
from clearway.catalog.release import Release
from clearway.stores.directory import Directory
from clearway.stores.records import Records

from .emit import emit_files, emit_originals, emit_variants, known_variants, remove_originals
from .encode import is_worth_trying
from .plan import Plan
from .recipe import Recipe


@dataclass(frozen=True)
class Places:
    """Where a build goes: published files, records, and the function that publishes Django's manifest."""

    published: Directory
    records: Records
    publish_names: Callable[[Mapping[str, str]], None]


@dataclass(frozen=True)
class Built:
    """A finished build: its release, and the logical names whose published file was written."""

    release: Release
    written: frozenset[str]


def build(plan: Plan, recipe: Recipe, places: Places, now: int, workers: int | None = None) -> Built:
    """Carry out a plan at `now` (seconds since 1970); with nothing to change, nothing is written.

    Raises `SourceChangedError`, and `OSError` when writing fails; the release that was current stays so.
    """
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        release, written = _emit(plan, recipe, places, pool)
    places.published.flush()
    _commit(release, plan, places, now)
    if not recipe.unhashed:
        remove_originals(plan, places.published)
        places.published.flush()
    return Built(release, frozenset(written))


def _emit(plan: Plan, recipe: Recipe, places: Places, pool: Executor) -> tuple[Release, set[str]]:
    store = places.published
    written = emit_files(plan, store, pool)
    known = known_variants(plan, recipe, places.records.retained())
    variants = emit_variants(plan, recipe, known, store, pool)
    originals = emit_originals(plan, store, pool) if recipe.unhashed else {}
    assets = {
        name: replace(
            planned.asset,
            variants=variants.get(planned.asset.sha256, {}) if is_worth_trying(name, recipe.skip) else {},
            plain=originals.get(name),
        )
        for name, planned in plan.assets.items()
    }
    return Release(recipe.static_url, recipe.fingerprint, assets), written


def _commit(release: Release, plan: Plan, places: Places, now: int) -> None:
    records, previous = places.records, places.records.current()
    history = records.history().switched(release.id, previous, now)
    changed = records.put(layout.record(release.id), release.to_bytes())
    records.flush()
    changed |= records.put(layout.HISTORY, history.to_bytes())
    if changed or not records.has_index(release.id):
        _put_indexes(release.id, previous, history, records)
    records.flush()
    places.publish_names(plan.names())
    records.put(layout.CURRENT, f"{release.id}\n".encode())
    records.flush()


def _put_indexes(current: str, previous: str | None, history: History, records: Records) -> None:
    """The index of the new release, after that of the one it follows: its processes must know the new names."""
    releases = dict(records.retained_of(history))
    created = history.created(releases.values())
    for id_ in (previous, current):
        if id_ in releases:
            others = [releases[other] for other in history.newest_first(id_)[1:] if other in releases]
            records.put(layout.index(id_), index.encode(releases[id_], others, created))
