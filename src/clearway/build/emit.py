"""Emitting: the files of a plan, each written only when it is not there whole already."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from functools import partial
from hashlib import sha256

from clearway.catalog.asset import Variant
from clearway.catalog.release import Release
from clearway.http.negotiation import SUFFIXES
from clearway.stores.directory import Directory

from .encode import encoded, is_worth_trying
from .plan import Plan, Planned, digest
from .recipe import Recipe

Variants = Mapping[str, Mapping[str, Variant]]
"""By the SHA-256 of an original, its variants by content coding."""


def is_intact(store: Directory, name: str, wanted: Variant) -> bool:
    """Whether a file is there with the size and digest it should have."""
    head = store.head(name)
    return head is not None and head.size == wanted.size and sha256(store.read(name)).hexdigest() == wanted.sha256


def place(store: Directory, name: str, wanted: Variant, read: Callable[[], bytes]) -> bool:
    """Write a file unless it is intact; whether it was written."""
    if is_intact(store, name, wanted):
        return False
    store.swap(name, read())
    return True


def taken(plan: Plan) -> frozenset[str]:
    """The names that the build owns: published names and those of their variants."""
    published = plan.names().values()
    return frozenset(name + suffix for name in published for suffix in ("", *SUFFIXES.values()))


def emit_files(plan: Plan, store: Directory, pool: Executor) -> set[str]:
    """Write the published files; the logical names of those that were not there."""

    def emit(planned: Planned) -> str | None:
        content = Variant(planned.asset.size, planned.asset.sha256)
        return planned.source.name if place(store, planned.asset.name, content, planned.read) else None

    return {name for name in pool.map(emit, plan.assets.values()) if name}


def emit_originals(plan: Plan, store: Directory, pool: Executor) -> dict[str, Variant]:
    """Correct the unhashed originals that lie in the store and are stale or damaged; what lies there then."""
    owned = taken(plan)

    def emit(planned: Planned) -> str | None:
        name = planned.source.name
        if name in owned or store.head(name) is None:
            return None
        place(store, name, planned.original, planned.read_original)
        return name

    return {name: plan.assets[name].original for name in pool.map(emit, plan.assets.values()) if name}


def known_variants(plan: Plan, recipe: Recipe, retained: Iterable[Release]) -> dict[str, Mapping[str, Variant]]:
    """What retained releases of the same recipe say of the variants of the plan's files."""
    unknown = {planned.asset.sha256 for name, planned in plan.assets.items() if is_worth_trying(name, recipe.skip)}
    known: dict[str, Mapping[str, Variant]] = {}
    for release in retained:
        if release.fingerprint == recipe.fingerprint:
            for name, asset in release.assets.items():
                if asset.sha256 in unknown and is_worth_trying(name, recipe.skip):
                    known[asset.sha256] = asset.variants
            unknown -= known.keys()
        if not unknown:
            break
    return known


def emit_variants(plan: Plan, recipe: Recipe, known: Variants, store: Directory, pool: Executor) -> Variants:
    """Encode each content once, the largest first, and write the variants that pay beside every file that has it."""
    contents: dict[str, list[Planned]] = {}
    for name, planned in plan.assets.items():
        if is_worth_trying(name, recipe.skip):
            contents.setdefault(planned.asset.sha256, []).append(planned)
    ordered = sorted(contents.values(), key=lambda twins: (-twins[0].asset.size, twins[0].asset.name))
    jobs = [(twins, coding) for twins in ordered for coding in recipe.encodings]
    made: dict[str, dict[str, Variant]] = {content: {} for content in contents}
    emit = partial(_emit_variant, recipe, known, store)
    for (twins, coding), variant in zip(jobs, pool.map(emit, jobs), strict=True):
        if variant:
            made[twins[0].asset.sha256][coding] = variant
    return made


def _emit_variant(recipe: Recipe, known: Variants, store: Directory, job: tuple[list[Planned], str]) -> Variant | None:
    twins, coding = job
    names = [planned.asset.name + SUFFIXES[coding] for planned in twins]
    recorded = known.get(twins[0].asset.sha256)
    if recorded is not None:
        variant = recorded.get(coding)
        if variant is None or all(is_intact(store, name, variant) for name in names):
            return variant
    data = encoded(coding, twins[0].read(), recipe.levels[coding])
    if data is None:
        return None
    variant = digest(data)
    for name in names:
        place(store, name, variant, lambda: data)
    return variant


def remove_originals(plan: Plan, store: Directory) -> None:
    """Remove the unhashed originals."""
    for name in plan.assets.keys() - taken(plan):
        store.delete(name)
