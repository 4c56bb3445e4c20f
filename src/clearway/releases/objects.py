"""The objects that a release is published as: names, contents and the header fields that a store answers with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clearway.catalog.asset import Asset, Variant
from clearway.catalog.release import Release
from clearway.http.header_rules import FOREVER
from clearway.http.media_types import with_charset
from clearway.http.negotiation import SUFFIXES
from clearway.stores.transport import Fields


@dataclass(frozen=True, slots=True)
class Object:
    """One object. `file` is the name of its contents beside the records; `is_fixed` says that it never changes."""

    name: str
    file: str
    content: Variant
    fields: Fields
    is_fixed: bool


def published_as(release: Release, coding: str) -> Release:
    """The release as a target has it: without the unhashed originals, deltas and, in one `coding`, variants."""
    none: dict[str, Variant] = {}
    assets = {
        name: replace(asset, plain=None, deltas=none, variants=none if coding else asset.variants)
        for name, asset in release.assets.items()
    }
    return replace(release, assets=assets)


def objects_of(release: Release, coding: str, max_age: int | None) -> dict[str, Object]:
    """All objects by name: each asset with its variants beside it, or in one `coding` where it has that.

    `max_age` (seconds) is for names without a hash.
    """
    found = {}
    for logical_name, asset in release.assets.items():
        is_fixed = asset.immutable or asset.name != logical_name
        caching = FOREVER if is_fixed else "" if max_age is None else f"max-age={max_age}, public"
        for each in _representations(asset, coding, is_fixed, caching):
            found[each.name] = each
    return found


def _representations(asset: Asset, coding: str, is_fixed: bool, caching: str) -> Iterator[Object]:
    type_ = with_charset(asset.type, "utf-8")
    chosen = asset.variants.get(coding) if coding else None
    if chosen:
        yield Object(asset.name, asset.name + SUFFIXES[coding], chosen, Fields(type_, caching, coding), is_fixed)
        return
    yield Object(asset.name, asset.name, Variant(asset.size, asset.sha256), Fields(type_, caching), is_fixed)
    for each, variant in asset.variants.items() if not coding else ():
        if each in SUFFIXES:
            name = asset.name + SUFFIXES[each]
            yield Object(name, name, variant, Fields(type_, caching, each), is_fixed)
