"""The names of a release, from its record in a store: the pointer, an index and the history, each read once.

An index lists what all retained releases published, and logical names of its own release only. What the others had
beside is told from the form of a published name, so that no more than these files are needed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from clearway.catalog import layout
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.history import History
from clearway.catalog.index import Index, Union
from clearway.catalog.release import Release

_HASHED = re.compile(r"(.*[^/])\.[0-9a-f]{12}(\.[^./]*)?\Z", re.DOTALL)


class Files(Protocol):
    """Where the records lie."""

    def where(self, name: str = "") -> str: ...

    def read(self, name: str) -> bytes: ...


@dataclass(frozen=True)
class Loaded:
    """Published names by logical name: of release `id`, and what other retained releases had beside (`retained`)."""

    id: str
    static_url: str
    names: Mapping[str, str]
    retained: Mapping[str, str]


def load(files: Files, pinned: str | None = None) -> Loaded:
    """The current release, or the one that is pinned.

    Raises `UnknownReleaseError` when there is none, `RecordError` for what is not a record, and what `files` raises.
    """
    id_ = pinned or _current(files)
    if not layout.is_release_id(id_):
        where = "CLEARWAY_RELEASE" if pinned else files.where(layout.CURRENT)
        raise RecordError(f"{where} is {id_[:40]!r}, which is not the id of a release (16 hex digits)")
    index = _index(files, id_)
    if index is None:
        return _of_record(files, id_)
    everything = index.everything()
    if everything is None:
        return _of_record(files, id_)
    return _of_index(id_, everything, _history(files))


def _current(files: Files) -> str:
    try:
        return files.read(layout.CURRENT).decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise UnknownReleaseError(f"there is no release: {files.where(layout.CURRENT)} does not exist") from None


def _index(files: Files, id_: str) -> Index | None:
    try:
        data = files.read(layout.index(id_))
    except FileNotFoundError:
        return None
    index = Index(data, files.where(layout.index(id_)))
    if index.current != id_:
        raise RecordError(f"{files.where(layout.index(id_))} is the index of another release, {index.current[:40]!r}")
    return index


def _of_record(files: Files, id_: str) -> Loaded:
    """From the record alone, where no index tells."""
    where = files.where(layout.record(id_))
    try:
        release = Release.from_bytes(files.read(layout.record(id_)), where)
    except FileNotFoundError:
        raise UnknownReleaseError(f"there is no release {id_}: {where} does not exist") from None
    if release.id != id_:
        raise RecordError(f"{where} is the record of another release, {release.id}")
    return Loaded(id_, release.static_url, {name: asset.name for name, asset in release.assets.items()}, {})


def _history(files: Files) -> History:
    try:
        return History.from_bytes(files.read(layout.HISTORY), files.where(layout.HISTORY))
    except (FileNotFoundError, RecordError):  # it decides which of two old names is the newer, and no more
        return History()


def _of_index(id_: str, union: Union, history: History) -> Loaded:
    names = {name: asset.name for name, asset in union.current.assets.items()}
    own: frozenset[str] = frozenset(names.values())
    retained: dict[str, str] = {}
    for published in sorted(union.every.assets.keys() - own, key=lambda name: _age(name, union, history)):
        found = _HASHED.match(published)
        if found:
            retained[found[1] + (found[2] or "")] = published
        (retained if found else names)[published] = published  # a bundler may have named it, in any of the releases
    return Loaded(id_, union.current.static_url, names, retained)


def _age(published: str, union: Union, history: History) -> tuple[int, str]:
    """What was published later comes later."""
    entry = history.entries.get(union.origins.get(published, ""))
    return (entry.created if entry else 0, published)
