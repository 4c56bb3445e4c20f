"""What the retained releases hold on to: the names they gave, and the files that must stay."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from clearway.catalog.index import Index
from clearway.catalog.release import Release
from clearway.http.negotiation import SUFFIXES
from clearway.stores.records import Records

_SUFFIXES = tuple(SUFFIXES.values())


class Retained:
    """The union of the retained releases, as far as it is asked for. Damaged records are passed over with a warning."""

    def __init__(self, records: Records | None = None) -> None:
        self._records = records

    @cached_property
    def is_empty(self) -> bool:
        """Whether no release is retained."""
        return next(self._releases(), None) is None

    @property
    def names(self) -> Mapping[str, str]:
        """Published names by logical name; the newest release wins."""
        return self._listed[0]

    @property
    def files(self) -> frozenset[str]:
        """The files below STATIC_ROOT that must stay."""
        return self._listed[1]

    def lists(self, file: str) -> bool:
        """Whether a file must stay; cheaper than `files` where an index has the union and nobody asked for them."""
        if self._index is None:
            return file in self.files
        if not file.endswith(_SUFFIXES):
            return self._index.keeps(file)
        may_be_variant = any(self._index.has_published(file.removesuffix(suffix)) for suffix in _SUFFIXES)
        return self._index.keeps(file) or (may_be_variant and file in self.files)

    @cached_property
    def _index(self) -> Index | None:
        return self._records.union() if self._records else None

    def _releases(self) -> Iterator[Release]:
        return self._records.retained() if self._records else iter(())

    @cached_property
    def _listed(self) -> tuple[dict[str, str], frozenset[str]]:
        names: dict[str, str] = {}
        files: set[str] = set()
        for release in self._releases():
            for logical_name, asset in release.assets.items():
                names.setdefault(logical_name, asset.name)
                if asset.never_changes(logical_name):
                    files.add(asset.name)
                files.update(asset.name + SUFFIXES[coding] for coding in asset.variants if coding in SUFFIXES)
        return names, frozenset(files)


class RetainedReleases:
    """The union of the retained releases, looked at when it is first needed and again after it changed."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._stamp: object = None
        self._read = Retained(records)

    def get(self) -> Retained:
        """What is retained now; one look at two files when nothing changed."""
        stamp = self._records.stamp()
        if stamp != self._stamp:
            self._read, self._stamp = Retained(self._records), stamp
        return self._read
