"""What a store has that no release needs any more, and the proof of it.

An object is garbage when a release that was forgotten long enough ago listed it, no release that stays lists it, and it
has the size that was listed. Whatever no record lists is unknown, and stays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain

from clearway.catalog import layout
from clearway.catalog.asset import Variant
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.history import Entry, History
from clearway.catalog.release import Release
from clearway.stores.claims import recorded_history
from clearway.stores.foreign import content
from clearway.stores.records import Records
from clearway.stores.targets import TargetPlaces
from clearway.stores.transport import Transport

from .errors import ReleaseError
from .files import files_of
from .retention import past

PINNED, RETAINED = "pinned", "retained"  # why a release stays
GRACE = 24  # hours between leaving the history and the removal of objects


@dataclass(frozen=True)
class Terms:
    """How long releases are kept: the last `retain`, those retired for less than `retain_days`, and `pinned` ids.

    `grace` (seconds) is how long the objects of one that left the history stay. `now` is in seconds since 1970.
    """

    retain: int
    retain_days: int
    now: int
    grace: int = GRACE * 3600
    pinned: Collection[str] = ()


@dataclass(frozen=True)
class Removed:
    """An object to remove: its size in octets, and the forgotten releases that listed it."""

    size: int
    releases: Sequence[str]


@dataclass(frozen=True)
class Garbage:
    """What a prune does. `history` is what is true when the `leaving` ones have left it.

    `interrupted` are records that no history lists, `waiting` are forgotten releases with the time from which their
    objects may go, those of `due` go now. `kept` says why each other release stays. `others` are names that a due
    release listed, under which there is something else now.
    """

    history: History
    leaving: Mapping[str, Entry]
    interrupted: Sequence[str]
    waiting: Mapping[str, int]
    due: Mapping[str, int]
    kept: Mapping[str, str]
    files: Mapping[str, Removed]
    others: Sequence[str]
    places: TargetPlaces

    @property
    def size(self) -> int:
        """Octets that are freed."""
        return sum(each.size for each in self.files.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.leaving or self.interrupted or self.due)


def plan(places: TargetPlaces, target: Transport, terms: Terms) -> Garbage:
    """What a prune would do. Raises `ReleaseError` when a release that stays cannot tell which objects it needs."""
    records = places.records
    known, current = _history(places), records.current()
    kept = _kept(known, current, terms)
    leaving = {id_ for id_ in past(known, current, terms.retain, terms.retain_days, terms.now) if id_ not in kept}
    forgotten = {id_: left for id_, left in known.forgotten.items() if id_ not in known.entries}
    forgotten |= dict.fromkeys(sorted(leaving), terms.now)
    due = {id_: left for id_, left in forgotten.items() if left + terms.grace <= terms.now and id_ not in kept}
    stays = {**kept, **{id_: RETAINED for id_ in known.entries if id_ not in leaving and id_ not in kept}}
    candidates, changing = _candidates(records, stays, forgotten, due)
    shown = {id_: f"the only record of what lies under {name}" for id_, name in _shown(changing, target).items()}
    kept, stays = {**kept, **shown}, {**stays, **shown}
    due = {id_: left for id_, left in due.items() if id_ not in shown}
    candidates = {name: each for name, each in candidates.items() if shown.keys().isdisjoint(each.releases)}
    found, own = _listed(target, candidates)
    places.limit(own)
    recorded = {*records.recorded()}
    unrecorded = known.entries.keys() - kept.keys() - leaving - recorded
    seen = recorded | {*records.indexed()}
    interrupted = sorted(seen - known.entries.keys() - kept.keys() - forgotten.keys())
    gone = leaving | unrecorded
    entries = _entries(known, current if current in recorded else None, gone, terms.now)
    forgotten |= dict.fromkeys([*interrupted, *sorted(unrecorded)], terms.now)
    forgotten = {id_: left for id_, left in forgotten.items() if id_ not in entries}
    files = {name: size for name, size in found.items() if _is_it(name, size, candidates[name], target)}
    return Garbage(
        history=replace(known, entries=entries, forgotten=forgotten),
        leaving={id_: entry for id_, entry in known.entries.items() if id_ in gone},
        interrupted=interrupted,
        waiting={id_: left + terms.grace for id_, left in forgotten.items() if id_ not in due and id_ not in kept},
        due=due,
        kept={id_: why for id_, why in stays.items() if id_ not in unrecorded},
        files={name: Removed(size, candidates[name].releases) for name, size in sorted(files.items())},
        others=sorted(found.keys() - files.keys()),
        places=places,
    )


def _history(places: TargetPlaces) -> History:
    """As it was written: one that is made again from the records would not know what left it."""
    found = recorded_history(places.records)
    if found is None:
        raise ReleaseError(
            f"{places.own.where(layout.HISTORY)} is missing or damaged; until then nobody knows which releases "
            "are retained: nothing is removed. Publish again with --verify --apply, which writes it"
        )
    return found


def _kept(history: History, current: str | None, terms: Terms) -> dict[str, str]:
    """Releases that stay whatever retention says. One that is not retired is becoming current in another run."""
    switching = [id_ for id_, entry in history.entries.items() if entry.retired is None]
    kept: dict[str, str] = {}
    whys = (([current] if current else [], "current"), (terms.pinned, PINNED), (switching, "becoming current"))
    for ids, why in whys:
        for id_ in ids:
            kept.setdefault(id_, why)
    return kept


def _entries(history: History, current: str | None, gone: Collection[str], now: int) -> dict[str, Entry]:
    """What is retained from now on; the current release is, though another run may have retired and forgotten it."""
    entries = {id_: entry for id_, entry in history.entries.items() if id_ not in gone}
    return {current: Entry(created=now), **entries} if current else entries


@dataclass
class _Candidate:
    """A name that only due releases list, and what it may be."""

    releases: list[str] = field(default_factory=list)
    contents: set[Variant] = field(default_factory=set)
    is_fixed: bool = True


@dataclass
class _Changing:
    """A name that may change: which due release knows which contents of it, and what the others say that it has."""

    known: dict[Variant, str] = field(default_factory=dict)
    wanted: set[Variant] = field(default_factory=set)


def _candidates(
    records: Records, stays: Mapping[str, str], forgotten: Iterable[str], due: Collection[str]
) -> tuple[dict[str, _Candidate], dict[str, _Changing]]:
    """Names that due releases list and no other one; and those that may change, whoever else lists them.

    A pinned release without a record lists nothing. Of one that waits and cannot be read nobody knows what it listed.
    """
    candidates: dict[str, _Candidate] = {}
    changing: dict[str, _Changing] = defaultdict(_Changing)
    for id_, release in _readable(records, due):
        for name, wanted in files_of(release).items():
            each = candidates.setdefault(name, _Candidate())
            each.releases.append(id_)
            each.contents.add(wanted)
        for name, wanted in _unfixed(release).items():
            candidates[name].is_fixed = False
            changing[name].known[wanted] = id_
    waiting = (id_ for id_ in forgotten if id_ not in due)
    for _, release in chain(_staying(records, stays), _readable(records, waiting)) if candidates else ():
        files = files_of(release)
        for name in changing.keys() & files.keys():
            changing[name].wanted.add(files[name])
        for name in (*files, *release.assets):
            candidates.pop(name, None)
    return candidates, changing


def _shown(changing: Mapping[str, _Changing], target: Transport) -> dict[str, str]:
    """The due releases that alone tell what lies under a name which other releases have too, and the first such name.

    A rollback leaves it as the later release had it: without that record nobody could replace it any more.
    """
    shown: dict[str, str] = {}
    for name, each in sorted(changing.items()):
        lies = _content(target, name) if each.wanted else None
        if lies in each.known and lies not in each.wanted:
            shown.setdefault(each.known[lies], name)
    return shown


def _unfixed(release: Release) -> Mapping[str, Variant]:
    """Names without a hash, which may have been given to something else since."""
    assets = release.assets.items()
    return files_of(replace(release, assets={k: v for k, v in assets if not v.never_changes(k)}))


def _staying(records: Records, stays: Mapping[str, str]) -> Iterator[tuple[str, Release]]:
    """The releases that stay. One without a record lists nothing, unless it is current or becoming so."""
    for id_, why in stays.items():
        try:
            yield id_, records.release(id_)
        except (RecordError, UnknownReleaseError) as error:
            if isinstance(error, UnknownReleaseError) and why in (PINNED, RETAINED):
                continue
            raise ReleaseError(f"{error}; until then nobody knows which files it needs: nothing is removed") from error


def _readable(records: Records, ids: Iterable[str]) -> Iterator[tuple[str, Release]]:
    for id_ in ids:
        with suppress(RecordError, UnknownReleaseError):
            yield id_, records.release(id_)


def _listed(target: Transport, wanted: Collection[str]) -> tuple[dict[str, int], set[str]]:
    """Sizes of these objects, as far as they are there, and the names of the target's own files."""
    found, own = {}, set()
    for entry in target.list():
        if entry.name in wanted:
            found[entry.name] = entry.size
        elif entry.name == layout.MANIFEST or entry.name.startswith(f"{layout.FOLDER}/"):
            own.add(entry.name)
    return found, own


def _is_it(name: str, size: int, wanted: _Candidate, target: Transport) -> bool:
    """Whether an object is what was listed. A name with a hash never changes: its size is enough."""
    if size not in {each.size for each in wanted.contents}:
        return False
    return wanted.is_fixed or _content(target, name) in wanted.contents


def _content(target: Transport, name: str) -> Variant | None:
    try:
        return content(target.read(name)[0])
    except FileNotFoundError:
        return None
