"""`clearway rollback`: an earlier release becomes the current one.

1. its files are compared with their digests: a release that is not whole does not become current
2. the unhashed files that other servers answer with
3. history, indexes, staticfiles.json, and the pointer last
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from clearway.catalog.asset import Variant
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.release import Release
from clearway.stores.foreign import is_whole
from clearway.stores.places import Places
from clearway.stores.records import Records
from clearway.stores.switch import switch

from .errors import ReleaseError
from .files import Difference, files_of, problems

_SHORTEST = 4  # digits of an id that are enough when only one release begins with them


@dataclass(frozen=True)
class Rollback:
    """What a rollback does. `restored` are logical names whose unhashed file is written, with where from."""

    target: Release
    previous: str | None
    changed: Sequence[str]
    appearing: Sequence[str]
    disappearing: Sequence[str]
    restored: Mapping[str, str]
    files: int
    differences: Sequence[Difference]


def plan(places: Places, given: str | None) -> Rollback:
    """What a rollback to `given` (an id, or how it begins; by default the parent of the current release) would do.

    Raises `ReleaseError`, `UnknownReleaseError` and `RecordError`.
    """
    records = places.records
    id_ = chosen(records.history().entries, given) if given else _parent(records)
    target, previous = records.release(id_), records.current()
    before, after = _names(records, previous), {name: asset.name for name, asset in target.assets.items()}
    files = _needed(target)
    found = problems(places.published, files)
    return Rollback(
        target,
        previous,
        changed=[name for name in after if name in before and before[name] != after[name]],
        appearing=sorted(after.keys() - before.keys()),
        disappearing=sorted(before.keys() - after.keys()),
        restored=_stale_originals(target, places),
        files=len(files),
        differences=[Difference(name, text, (id_,)) for name, text in sorted(found.items())],
    )


def carry_out(planned: Rollback, places: Places, now: int) -> None:
    """Do it. With nothing to change, nothing is written."""
    for name, source in planned.restored.items():
        places.published.swap(name, places.published.read(source))
    places.published.flush()
    records = places.records
    switch(planned.target, records.history().switched(planned.target.id, records.current(), now), places)


def chosen(ids: Collection[str], given: str) -> str:
    """The one of these ids that is meant, or that begins so. Raises `ReleaseError`."""
    found = [id_ for id_ in ids if id_.startswith(given)]
    if given in found or (len(found) == 1 and len(given) >= _SHORTEST):
        return given if given in found else found[0]
    text = f"{given!r} is how several releases begin" if found else f"there is no retained release {given!r}"
    raise ReleaseError(f"{text}; `clearway releases` lists them")


def _parent(records: Records) -> str:
    current, history = records.current(), records.history()
    if current is None or current not in history.entries:
        raise ReleaseError("there is no current release to go back from; name one that `clearway releases` lists")
    parent = history.entries[current].parent
    if parent not in history.entries:
        problem = f"followed {parent}, which was pruned" if parent else "is the first one"
        raise ReleaseError(f"release {current} {problem}; name one that `clearway releases` lists")
    return str(parent)


def _names(records: Records, id_: str | None) -> dict[str, str]:
    try:
        return {name: asset.name for name, asset in records.release(id_ or "").assets.items()}
    except (RecordError, UnknownReleaseError):
        return {}


def _needed(target: Release) -> dict[str, Variant | None]:
    """Its files. A name that may change stays as a later release left it: nobody has the contents that it had."""
    fixed = {name: asset for name, asset in target.assets.items() if asset.never_changes(name)}
    others: dict[str, Variant | None] = {asset.name: None for name, asset in target.assets.items() if name not in fixed}
    return {**files_of(replace(target, assets=fixed)), **others}


def _stale_originals(target: Release, places: Places) -> dict[str, str]:
    """Unhashed files to write. The bytes of the original are gone where references in it were rewritten; the
    published file takes its place then: its references are hashed names, which are right from there too."""
    if not any(asset.plain for asset in target.assets.values()):
        return {}
    owned = {asset.name for release in places.records.retained() for asset in release.assets.values()}
    stale = {}
    for name, asset in target.assets.items():
        if asset.plain and name not in owned:
            right = (asset.plain, Variant(asset.size, asset.sha256))
            if not any(is_whole(places.published, name, each) for each in right):
                stale[name] = asset.name
    return stale
