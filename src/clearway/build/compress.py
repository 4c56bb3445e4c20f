"""Encoding in place: variants beside the files of a directory, under the names that web servers look for.

Nothing is renamed and nothing recorded. A variant is not left older than its file, since whoever serves the directory
may take such a one for stale.
"""

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from clearway.catalog.release import Release
from clearway.http.media_types import media_type
from clearway.http.negotiation import SUFFIXES
from clearway.stores.decode import decoded
from clearway.stores.directory import Directory, Head

from .cache import Cache
from .collector import paused
from .emit import Emitter
from .encode import Encoders, is_worth_trying
from .memory import Memory
from .plan import Plan, plan
from .recipe import Recipe
from .sources import Source
from .texts import Reader


@dataclass(frozen=True)
class Compressed:
    """The files that were looked at, as if they were a release, and the names of variants that changed."""

    release: Release
    written: tuple[str, ...]
    removed: tuple[str, ...]


@paused()
def compress(root: Path, sources: Iterable[Source], recipe: Recipe, cache: Cache, memory: Memory) -> Compressed:
    """Write the variants that pay beside every file that usually compresses, and remove those of older contents.

    Raises `SourceChangedError` for a file that changes meanwhile, and `OSError` when writing fails.
    """
    chosen = list(_chosen(root, sources, recipe))
    store, reader = Directory(root), Reader(memory, cache)
    before = _variants(store, chosen)
    planned = plan(chosen, recipe.static_url, reader=reader, named={each.name: False for each in chosen})
    levels = {coding: recipe.levels[coding] for coding in recipe.encodings}
    emitter = Emitter(planned, replace(recipe, unhashed=False), store, Encoders(levels, cache, memory), memory)
    with ThreadPoolExecutor() as pool:
        emitter.emit((), pool)
    assets = {
        name: replace(each.asset, variants=emitter.variants.get(each.asset.sha256, {}))
        for name, each in planned.assets.items()
    }
    release = Release(recipe.static_url, recipe.fingerprint, assets)
    written = _written(before, _variants(store, chosen))
    removed = tuple(_remove_stale(planned, release, store))
    _match(root, release, written)
    store.flush()
    emitter.remember()
    memory.save()
    cache.prune()
    return Compressed(release, tuple(sorted(written)), removed)


def _chosen(root: Path, sources: Iterable[Source], recipe: Recipe) -> Iterator[Source]:
    """What may have variants and lies below the root really: nothing is written elsewhere through a link."""
    inside: dict[Path, bool] = {}
    for source in sources:
        folder = Path(source.path).parent
        if folder not in inside:
            inside[folder] = folder.resolve().is_relative_to(root.resolve())
        if inside[folder] and is_worth_trying(source.name, media_type(source.name), recipe.skip):
            yield source


def _variants(store: Directory, sources: Iterable[Source]) -> dict[str, Head | None]:
    names = (source.name + suffix for source in sources for suffix in SUFFIXES.values())
    return {name: store.head(name) for name in names}


def _written(before: Mapping[str, Head | None], after: Mapping[str, Head | None]) -> frozenset[str]:
    return frozenset(name for name, head in after.items() if head and head != before[name])


def _remove_stale(planned: Plan, release: Release, store: Directory) -> Iterator[str]:
    """A variant that nobody would write now, and that decodes to something else than the file."""
    for name, asset in release.assets.items():
        for coding, suffix in SUFFIXES.items():
            variant = name + suffix
            if coding in asset.variants or store.head(variant) is None:
                continue
            if decoded(coding, store.read(variant)) != planned.assets[name].read():
                store.delete(variant)
                yield variant


def _match(root: Path, release: Release, written: Collection[str]) -> None:
    """What was written is as readable as its file; no variant is older than it."""
    for name, asset in release.assets.items():
        original = (root / name).stat()
        for coding in asset.variants:
            path = root / (name + SUFFIXES[coding])
            if name + SUFFIXES[coding] in written:
                path.chmod(stat.S_IMODE(original.st_mode) & 0o666)
            with suppress(FileNotFoundError):
                if path.stat().st_mtime_ns < original.st_mtime_ns:
                    os.utime(path, ns=(original.st_atime_ns, original.st_mtime_ns))
