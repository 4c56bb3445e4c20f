"""What a release weighs: before and after encoding, what that saves, and where the octets are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from clearway.catalog.asset import Asset
from clearway.catalog.release import Release
from clearway.http.media_types import is_compressible

_SHOWN = 10  # files in each list


@dataclass(frozen=True, slots=True)
class Weight:
    """One file: its logical name, its octets, and those of its smallest variant (the file itself without one)."""

    name: str
    size: int
    smallest: int

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "size": self.size, "smallest": self.smallest}


@dataclass(frozen=True, slots=True)
class Coding:
    """One content coding over the files that have it: their octets before and after."""

    files: int
    before: int
    after: int

    @property
    def saved(self) -> float:
        """The share of the octets that is saved."""
        return _share(self.before - self.after, self.before)

    def to_json(self) -> dict[str, Any]:
        return {"files": self.files, "before": self.before, "after": self.after, "saved": round(self.saved, 4)}


@dataclass(frozen=True, slots=True)
class SizeReport:
    """Sizes in octets. `after` counts the smallest variant of each file, as a browser that takes all codings gets it.

    `originals` are the octets of the sources where the unhashed files are kept, 0 elsewhere; `incompressible` are
    files of a type that usually compresses and yet have no variant.
    """

    files: int
    before: int
    after: int
    codings: Mapping[str, Coding]
    largest: tuple[Weight, ...]
    incompressible: tuple[Weight, ...]

    @property
    def saved(self) -> float:
        """The share of the octets that is saved."""
        return _share(self.before - self.after, self.before)

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "files": self.files,
            "before": self.before,
            "after": self.after,
            "saved": round(self.saved, 4),
            "codings": {name: coding.to_json() for name, coding in self.codings.items()},
            "largest": [each.to_json() for each in self.largest],
            "incompressible": [each.to_json() for each in self.incompressible],
        }

    def lines(self) -> list[str]:
        """The report as text."""
        total = f"{self.files} files, {_readable(self.before)}; encoded {_readable(self.after)} ({_saved(self.saved)})"
        codings = [
            f"  {name:<5} {coding.files:>6} files  {_readable(coding.before):>9} to {_readable(coding.after):>9}"
            f"  ({_saved(coding.saved)})"
            for name, coding in self.codings.items()
        ]
        return [
            total,
            *codings,
            *_listed("Largest as sent:", self.largest),
            *_listed("No coding pays:", self.incompressible),
        ]


def of(release: Release) -> SizeReport:
    """The report of a release, from its record alone."""
    assets = release.assets
    names = sorted({coding for asset in assets.values() for coding in asset.variants})
    compressible = {type_ for type_ in {asset.type for asset in assets.values()} if is_compressible(type_)}
    stubborn = (row for row in assets.items() if row[1].type in compressible and row[1].size and not row[1].variants)
    return SizeReport(
        files=len(assets),
        before=sum(asset.size for asset in assets.values()),
        after=sum(map(_smallest, assets.values())),
        codings={name: _coding(name, assets.values()) for name in names},
        largest=_heaviest(assets.items()),
        incompressible=_heaviest(stubborn),
    )


def _smallest(asset: Asset) -> int:
    return min([asset.size, *[variant.size for variant in asset.variants.values()]])


def _coding(name: str, assets: Iterable[Asset]) -> Coding:
    rows = [(asset.size, asset.variants[name].size) for asset in assets if name in asset.variants]
    return Coding(len(rows), sum(before for before, _ in rows), sum(after for _, after in rows))


def _heaviest(assets: Iterable[tuple[str, Asset]]) -> tuple[Weight, ...]:
    found = nsmallest(_SHOWN, ((-_smallest(asset), name, asset.size) for name, asset in assets))
    return tuple(Weight(name, size, -negative) for negative, name, size in found)


def _listed(title: str, weights: Iterable[Weight]) -> list[str]:
    rows = [f"  {_readable(each.smallest):>9}  {each.name}" for each in weights]
    return [title, *rows] if rows else []


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _saved(share: float) -> str:
    return f"{share:.0%} saved"


def _readable(size: int) -> str:
    """Octets for people, with the units of file managers (powers of 1000)."""
    value, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
