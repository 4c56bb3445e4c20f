"""What retained releases hold on to, so that a build with other settings does not write over it."""

from functools import cached_property
from threading import Lock

from clearway.catalog.asset import Variant
from clearway.catalog.index import Index
from clearway.stores.records import Records


class Kept:
    """The files of retained releases. Their records are read only when something is about to be written over."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = Lock()

    def lists(self, name: str) -> bool:
        """Whether a release published something under `name` that must not change."""
        if self._index is not None:
            return self._index.keeps(name)
        return name in self._variants_by_name()

    def variant(self, published: str, coding: str) -> Variant | None:
        """The variant that a release lists beside a published name."""
        return self._variants_by_name().get(published, {}).get(coding) if self.lists(published) else None

    @cached_property
    def _index(self) -> Index | None:
        return self._records.union()

    def _variants_by_name(self) -> dict[str, dict[str, Variant]]:
        with self._lock:
            return self._read

    @cached_property
    def _read(self) -> dict[str, dict[str, Variant]]:
        """The oldest release wins: it was there first."""
        found: dict[str, dict[str, Variant]] = {}
        for release in self._records.retained():
            for name, asset in release.assets.items():
                if asset.never_changes(name):
                    found[asset.name] = {**found.get(asset.name, {}), **asset.variants}
        return found
