"""What the retained releases hold on to: the names they gave, and the files that must stay."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clearway.http.negotiation import SUFFIXES
from clearway.stores.records import Records


@dataclass(frozen=True)
class Retained:
    """Published names by logical name (the newest release wins), and the files below STATIC_ROOT that must stay."""

    names: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()


class RetainedReleases:
    """The union of the retained releases, read when it is first needed and again after it changed."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._stamp: object = None
        self._read = Retained()

    def get(self) -> Retained:
        """What is retained now; one look at two files when nothing changed."""
        stamp = self._records.stamp()
        if stamp != self._stamp:
            self._read, self._stamp = read(self._records), stamp
        return self._read


def read(records: Records) -> Retained:
    """Read all retained records. Damaged ones are passed over with a warning."""
    names: dict[str, str] = {}
    files: set[str] = set()
    for release in records.retained():
        for logical_name, asset in release.assets.items():
            names.setdefault(logical_name, asset.name)
            if asset.immutable or asset.name != logical_name:  # a name without a hash may change
                files.add(asset.name)
            files.update(asset.name + SUFFIXES[coding] for coding in asset.variants if coding in SUFFIXES)
    return Retained(names, frozenset(files))
