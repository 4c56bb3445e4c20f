"""The files that a release lists, and what is wrong with them on disk."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from clearway.catalog.asset import Variant
from clearway.catalog.release import Release
from clearway.http.negotiation import SUFFIXES
from clearway.stores.foreign import Readable, content

from .budget import map_within


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One thing that is not as a record says: the file (or record), the problem, the releases that need it."""

    file: str
    problem: str
    releases: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def files_of(release: Release) -> dict[str, Variant]:
    """Published files by name, variants included."""
    files = {asset.name: asset.stored for asset in release.assets.values()}
    for asset in release.assets.values():
        known = ((coding, each) for coding, each in asset.variants.items() if coding in SUFFIXES)
        files |= {asset.name + SUFFIXES[coding]: each for coding, each in known}
    return files


def union(releases: Iterable[Release]) -> dict[str, Variant]:
    """The files of several releases; the first one's word counts."""
    files: dict[str, Variant] = {}
    for release in releases:
        files = files_of(release) | files
    return files


def examined(store: Readable, name: str, wanted: Variant | None) -> tuple[str | None, bytes]:
    """What is wrong with a file, and what it contains; None when it is what its record says.

    Where nobody knows what it should contain, it is enough that it is there.
    """
    try:
        data = store.read(name)
    except FileNotFoundError:
        return "is missing", b""
    except OSError as error:
        return f"cannot be read ({error.strerror or error})", b""
    except ValueError as error:  # a name that leads elsewhere, or is none
        return f"is not the name of a published file ({error})", b""
    found = content(data)
    if wanted is None or found == wanted:
        return None, data
    return "has other contents" if found.size == wanted.size else f"has {found.size} octets, not {wanted.size}", data


def problems(store: Readable, files: Mapping[str, Variant | None]) -> dict[str, str]:
    """What is wrong with files, by name."""
    found = map_within(lambda row: examined(store, *row)[0], files.items(), lambda row: row[1].size if row[1] else 0)
    return {name: text for name, text in zip(files, found, strict=True) if text}
