"""The objects that a release is published as: names, contents and the header fields that a store answers with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from clearway.catalog.asset import Asset, Variant
from clearway.catalog.release import Release
from clearway.http.header_rules import FOREVER
from clearway.http.media_types import with_charset
from clearway.http.negotiation import SUFFIXES
from clearway.stores.transport import Fields


@dataclass(frozen=True, slots=True)
class Object:
    """One object. `file` is the name of its contents beside the records; `is_fixed` says that it never changes.

    `plain` is the SHA-256 of what it has without its encoding.
    """

    name: str
    file: str
    content: Variant
    fields: Fields
    is_fixed: bool
    plain: str


def published_as(release: Release, coding: str) -> Release:
    """The release as a target has it: without the unhashed originals and deltas, and texts as they lie there."""
    return replace(release, assets={name: _published_as(asset, coding) for name, asset in release.assets.items()})


def _published_as(asset: Asset, coding: str) -> Asset:
    none: dict[str, Variant] = {}
    if not coding:
        return replace(asset, plain=None, deltas=none)
    chosen = asset.variants.get(coding)
    return replace(asset, plain=None, deltas=none, variants=none, encoded={coding: chosen} if chosen else none)


def with_encodings(release: Release, found: Mapping[str, Variant]) -> Release:
    """A release of which the encoded objects, by their names, have these contents."""

    def changed(asset: Asset) -> Asset:
        variants = {key: found.get(asset.name + SUFFIXES.get(key, ""), each) for key, each in asset.variants.items()}
        encoded = {key: found.get(asset.name, each) for key, each in asset.encoded.items()}
        return replace(asset, variants=variants, encoded=encoded)

    return replace(release, assets={name: changed(asset) for name, asset in release.assets.items()})


def objects_of(release: Release, coding: str, max_age: int | None) -> dict[str, Object]:
    """All objects by name: each asset with its variants beside it, or in one `coding` where it has that.

    `max_age` (seconds) is for names without a hash.
    """
    found = {}
    for logical_name, asset in release.assets.items():
        fixed = asset.never_changes(logical_name)
        caching = FOREVER if fixed else "" if max_age is None else f"max-age={max_age}, public"
        for each in representations(asset, coding, caching, is_fixed=fixed):
            found[each.name] = each
    return found


def representations(asset: Asset, coding: str, caching: str = FOREVER, *, is_fixed: bool = True) -> Iterator[Object]:
    """The objects of one asset; by default it is one that never changes."""
    type_ = with_charset(asset.type, "utf-8")
    chosen = asset.variants.get(coding) or asset.encoded.get(coding)
    if coding and chosen:
        file, fields = asset.name + SUFFIXES[coding], Fields(type_, caching, coding)
        yield Object(asset.name, file, chosen, fields, is_fixed, asset.sha256)
        return
    plain = Variant(asset.size, asset.sha256)
    yield Object(asset.name, asset.name, plain, Fields(type_, caching), is_fixed, asset.sha256)
    for each, variant in asset.variants.items() if not coding else ():
        if each in SUFFIXES:
            name = asset.name + SUFFIXES[each]
            yield Object(name, name, variant, Fields(type_, caching, each), is_fixed, asset.sha256)
