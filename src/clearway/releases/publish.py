"""`clearway publish`: the current release goes to a store, so that at no moment a name is promised and not there.

1. the history, then what is there is listed; an object in the way that is not ours stops everything
2. what is missing is uploaded, each on condition that there is none, and proven to have arrived
3. the record of the release
4. history, index, staticfiles.json, and the pointer last, each on condition that nobody was quicker

When a prune began to remove objects after 1, the history was changed, and everything begins again. Where this release
is current already and the history says that all was done, nothing is listed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Self

from clearway.catalog import layout
from clearway.catalog.asset import Variant
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.release import Release
from clearway.stores.capabilities import Capabilities
from clearway.stores.claims import recorded_history, unclaimed_places
from clearway.stores.errors import ChangedError, LockedError
from clearway.stores.places import Places
from clearway.stores.switch import switch
from clearway.stores.targets import TargetPlaces, snapshot_places
from clearway.stores.transport import Entry, Transport

from .errors import ReleaseError
from .files import Difference
from .objects import Object, objects_of, published_as, with_encodings
from .uploading import Courier, digest_of

Told = Callable[[str, int, int], None]
"""What goes on, how much of it is done, and of how much; 0 where nobody knows."""

_COMMITS = 5  # tries, each after another run changed the records in between
_SWEEPS = 3  # prunes that may begin while objects are uploaded
_PATIENCE = 600.0  # seconds for which a prune is waited for


@dataclass(frozen=True)
class Publication:
    """What publishing does. `there` are the objects that are in the target already, of those `stale` are replaced.

    `previous` is the release that is current there; `places` are the releases there, as they were before `there`.
    """

    release: Release
    record: bytes
    objects: Mapping[str, Object]
    previous: str | None
    is_current: bool = False
    there: Mapping[str, Entry] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    places: TargetPlaces | None = None
    differences: Sequence[Difference] = ()

    @property
    def missing(self) -> list[Object]:
        """What is uploaded, names that never change before those that do."""
        if self.is_current:
            return []
        wanted = [each for name, each in self.objects.items() if name not in self.there or name in self.stale]
        return sorted(wanted, key=lambda each: (not each.is_fixed, each.name))


class Listed(NamedTuple):
    """What a listing says: objects of the release, and the names of the target's own files."""

    there: dict[str, Entry]
    own: set[str]


class Publisher:
    """The current release of `own` on its way to `target`, texts in one `coding` or with their variants beside them.

    `max_age` (seconds) is the lifetime of names without a hash.
    """

    def __init__(self, own: Places, target: Transport, coding: str = "", max_age: int | None = 60) -> None:
        self._own = own
        self._target = target
        self._coding = coding
        self._max_age = max_age
        self._courier = Courier(own.published, target)

    def over(self, target: Transport) -> Self:
        """The same release, which is read once, on its way over another transport."""
        again = copy(self)
        again._target, again._courier = target, Courier(self._own.published, target)
        return again

    def unchanged(self, places: TargetPlaces) -> Publication | None:
        """What is there, when this release is current and nothing is left to do: pointer, record and history tell."""
        wanted = self._wanted(places)
        id_ = wanted.release.id
        if places.records.current() != id_ or not places.records.has(layout.record(id_), wanted.record):
            return None
        history = recorded_history(places.records)
        is_settled = history is not None and history.is_settled(id_)
        return replace(wanted, previous=id_, is_current=True) if is_settled else None

    def plan(
        self,
        told: Told,
        known: Capabilities | None,
        *,
        verify: bool = False,
        listed: Listed | None = None,
    ) -> Publication:
        """What there is to do. `known` is what the target remembers: None when nothing was ever published to it.

        With `verify`, every object is looked at; with `listed`, they just were listed, when nothing was known of the
        target yet. Raises `ReleaseError`.
        """
        if known and known.coding != self._coding:
            raise ReleaseError(_other_coding(self._target.where, known.coding, self._coding))
        return self._planned(self._wanted(snapshot_places(self._target)), told, verify=verify, listed=listed)

    def listed(self, told: Told) -> Listed:
        """What is there of this release, and of the target's own files."""
        found = Listed({}, set())
        for count, entry in enumerate(self._target.list(), 1):
            told("Listed", count, 0)
            if entry.name in self._objects:
                found.there[entry.name] = entry
            elif entry.name == layout.MANIFEST or entry.name.startswith(f"{layout.FOLDER}/"):
                found.own.add(entry.name)
        return found

    def carry_out(self, planned: Publication, told: Told, now: int) -> None:
        """Do it. Raises `StoreError`; `LockedError` when another release became current there meanwhile."""
        for _ in range(_SWEEPS):
            if _is_claimed(planned.places):
                planned = self._planned_again(planned, told)
            self._upload(planned, told)
            told("Making it current", 0, 0)
            if _commit(planned, self._target, now):
                return
            planned = self._planned_again(planned, told)
        raise LockedError(f"prunes keep removing objects from {self._target.where}; run this again when they are done")

    def _planned_again(self, planned: Publication, told: Told) -> Publication:
        """What there is to do after a prune removed objects, which it waits for."""
        told("Waiting for a prune that removes objects", 0, 0)
        places = unclaimed_places(self._target, _PATIENCE)
        again = self._planned(self._wanted(places), told)
        if again.differences:
            raise ReleaseError(in_the_way(self._target.where, [each.file for each in again.differences]))
        return replace(again, previous=planned.previous)

    def _upload(self, planned: Publication, told: Told) -> None:
        """What never changes first. What replaces something is on record before it does, or nobody knew whose it is."""
        missing, there = planned.missing, {name: planned.there[name] for name in planned.stale}
        fixed = [each for each in missing if each.is_fixed]
        strangers = self._courier.carry(fixed, there, lambda done: told("Uploaded", done, len(missing)))
        if len(fixed) < len(missing) and not strangers and planned.places:
            planned.places.records.put_release(planned.release, planned.record)
        others = [] if strangers else missing[len(fixed) :]
        strangers += self._courier.carry(others, there, lambda done: told("Uploaded", len(fixed) + done, len(missing)))
        if strangers:
            raise ReleaseError(in_the_way(self._target.where, strangers))
        self._target.flush()

    def _wanted(self, places: TargetPlaces) -> Publication:
        release, record = self._published
        return Publication(release, record, self._objects, None, places=places)

    @cached_property
    def _published(self) -> tuple[Release, bytes]:
        """The release and its record as a target has them."""
        release = published_as(self._current, self._coding)
        return release, release.to_bytes()

    @cached_property
    def _current(self) -> Release:
        records = self._own.records
        id_ = records.current()
        if id_ is None:
            raise ReleaseError("there is no release to publish; run collectstatic")
        return records.release(id_)

    @cached_property
    def _objects(self) -> Mapping[str, Object]:
        return objects_of(self._current, self._coding, self._max_age)

    def _planned(
        self, wanted: Publication, told: Told, *, verify: bool = False, listed: Listed | None = None
    ) -> Publication:
        """What a listing says. The history was looked at before it, or is not there: then nothing was removed since."""
        places, objects = wanted.places or snapshot_places(self._target), wanted.objects
        if listed is None:
            places.own.head(layout.HISTORY)
        there, own = listed or self.listed(told)
        if listed and f"{layout.FOLDER}/{layout.HISTORY}" in own:  # another run was quicker
            return self._planned(wanted, told, verify=verify)
        places.limit(own)
        published = _published(places)
        known = objects_of(published, self._coding, None) if published else {}
        contents = {name: each.content for name, each in known.items()}
        others = self._others(objects, there, {} if verify else contents, told)
        adopted = self._encodings([objects[name] for name in others], there, {} if verify else known, told)
        wanted = self._with_encodings(wanted, adopted)
        others = [name for name in others if name not in adopted]
        stale = self._stale([name for name in others if not objects[name].is_fixed], there, contents, places)
        right = [objects[name] for name in there if name not in others and name not in adopted]
        doubted = [each for each in right if verify or contents.get(each.name) != each.content]
        answered = self._courier.mislabelled(doubted, lambda done: told("Asked for header fields", done, len(doubted)))
        stale |= {name: there[name] for name in answered}
        text = "is another file there; nothing of ours, and not replaced"
        differences = [Difference(name, text) for name in others if name not in stale]
        return replace(
            wanted,
            previous=places.records.current(),
            there=there | stale,
            stale=frozenset(stale),
            places=places,
            differences=differences,
        )

    def _encodings(
        self, others: Sequence[Object], there: Mapping[str, Entry], known: Mapping[str, Object], told: Told
    ) -> dict[str, Variant]:
        """Contents of encoded texts that lie there as another level or version of an encoder made them.

        They stay: a name never changes. What is `known` of the current release there need not be read.
        """
        encoded = [each for each in others if each.is_fixed and each.fields.encoding]
        found = {
            each.name: known[each.name].content
            for each in encoded
            if each.name in known
            and known[each.name].plain == each.plain
            and known[each.name].content.size == there[each.name].size
        }
        left = {each: there[each.name] for each in encoded if each.name not in found}
        return found | self._courier.encodings(left, lambda done: told("Decoded", done, len(left)))

    def _with_encodings(self, wanted: Publication, found: Mapping[str, Variant]) -> Publication:
        if not found:
            return wanted
        release = with_encodings(wanted.release, found)
        objects = objects_of(release, self._coding, self._max_age)
        return replace(wanted, release=release, record=release.to_bytes(), objects=objects)

    def _others(
        self, objects: Mapping[str, Object], there: Mapping[str, Entry], trusted: Mapping[str, Variant], told: Told
    ) -> list[str]:
        """Names under which something else is. `trusted` is what the release that is current there has.

        An object that the listing gives no digest of need not be read when it is trusted and has the right size.
        """
        doubted = {
            objects[name]: entry
            for name, entry in there.items()
            if digest_of(entry.version)
            or trusted.get(name) != objects[name].content
            or entry.size != objects[name].content.size
        }
        return self._courier.strangers(doubted, lambda done: told("Compared", done, len(doubted)))

    def _stale(
        self, names: Sequence[str], there: Mapping[str, Entry], current: Mapping[str, Variant], places: Places
    ) -> dict[str, Entry]:
        """Of names that may change, those whose object is one that a release has, also that of a killed run."""
        found = {name: read for name in names if (read := self._courier.found(name, there[name].size))}
        stale: dict[str, Entry] = {}
        for contents in chain([current], self._contents(places)):
            stale |= {name: entry for name, (content, entry) in found.items() if contents.get(name) == content}
            if len(stale) == len(found):
                break
        return stale

    def _contents(self, places: Places) -> Iterator[dict[str, Variant]]:
        """What the releases have that are recorded there, whether they ever became current or not."""
        for id_ in places.records.recorded():
            with suppress(RecordError, UnknownReleaseError):
                release = places.records.release(id_)
                yield {name: each.content for name, each in objects_of(release, self._coding, None).items()}


def in_the_way(where: str, names: Sequence[str]) -> str:
    """What to say of objects that somebody else wrote under names of ours."""
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return (
        f"{where} has other files under names of this release: {', '.join(names[:3])}{more}; "
        "nothing was replaced. Publish below another prefix, or remove them"
    )


def _other_coding(where: str, there: str, wanted: str) -> str:
    said = [f"texts in {coding}" if coding else "each text with its variants" for coding in (there, wanted)]
    return f"{where} has {said[0]}, and not {said[1]}: a name never changes; publish below another prefix"


def _published(places: Places) -> Release | None:
    """The release that is current in the target, where its record can be read."""
    try:
        return places.records.release(places.records.current() or "")
    except (RecordError, UnknownReleaseError):
        return None


def _is_claimed(places: TargetPlaces | None) -> bool:
    """Whether a prune was removing objects when the history was looked at."""
    history = recorded_history(places.records) if places else None
    return bool(history and history.sweeper)


def _swept(places: Places) -> int:
    """How often objects began to be removed."""
    history = recorded_history(places.records)
    return history.sweeps if history else 0


def _commit(planned: Publication, target: Transport, now: int) -> bool:
    """Make it current; False when objects were removed since the history was looked at."""
    release = planned.release
    places = planned.places or snapshot_places(target)
    swept, names = _swept(places), {name: asset.name for name, asset in release.assets.items()}
    for _ in range(_COMMITS):
        if _swept(places) != swept:
            return False
        previous = places.records.current()
        is_lost = previous not in (planned.previous, release.id)
        try:
            if is_lost:
                _agree(target, now)
                break
            _make_current(planned, places, previous, now)
            after = snapshot_places(target)
            is_overtaken = previous == release.id and after.records.current() != previous
            if previous and (is_overtaken or after.names() != names):  # of several first runs, the next one sees to it
                _agree(target, now)
            return True
        except ChangedError:
            places = snapshot_places(target)
    if is_lost:
        raise LockedError(
            f"{previous} became current in {target.where} meanwhile, and stays so; "
            f"publish again to make {release.id} current"
        )
    raise LockedError(f"other runs keep changing {target.where}; run this again when they are done")


def _agree(target: Transport, now: int) -> None:
    """Make index and manifest again as the current release has them, until it is still current afterwards.

    Of several runs at once, one may write its names after another one wrote its own, and before that becomes current.
    """
    for _ in range(_COMMITS):
        places = snapshot_places(target)
        records = places.records
        with suppress(ChangedError, RecordError, UnknownReleaseError), records.reading_once():
            current = records.release(records.current() or "")
            switch(current, records.history().switched(current.id, None, now), places, reindex=True)
            if snapshot_places(target).records.current() == current.id:
                return


def _make_current(planned: Publication, places: Places, previous: str | None, now: int) -> None:
    records = places.records
    with records.reading_once():
        records.put_release(planned.release, planned.record)
        records.flush()
        history = records.history().switched(planned.release.id, previous, now)
        switch(planned.release, history, places)
