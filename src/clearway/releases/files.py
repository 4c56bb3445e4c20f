"""The files that a release lists, and what is wrong with them on disk."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from clearway.catalog.asset import Variant
from clearway.catalog.release import Release
from clearway.http.negotiation import SUFFIXES
from clearway.stores.foreign import Readable, content


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
    files = {asset.name: Variant(asset.size, asset.sha256) for asset in release.assets.values()}
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


def problem(store: Readable, name: str, wanted: Variant) -> str | None:
    """What is wrong with a file; None when it is what its record says."""
    try:
        found = content(store.read(name))
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if found == wanted:
        return None
    return "has other contents" if found.size == wanted.size else f"has {found.size} octets, not {wanted.size}"


def problems(store: Readable, files: Mapping[str, Variant]) -> dict[str, str]:
    """What is wrong with files, by name."""
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda row: problem(store, *row), files.items())
        return {name: text for name, text in zip(files, found, strict=True) if text}
