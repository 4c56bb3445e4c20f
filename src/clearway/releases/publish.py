"""`clearway publish`: the current release goes to a store, so that at no moment a name is promised and not there.

1. what is there is listed; an object in the way that is not ours stops everything
2. what is missing is uploaded, each on condition that there is none, and proven to have arrived
3. the record of the release
4. history, index, staticfiles.json, and the pointer last, each on condition that nobody was quicker
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from clearway.catalog import layout
from clearway.catalog.asset import Variant
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.release import Release
from clearway.stores.capabilities import Capabilities
from clearway.stores.errors import ChangedError, LockedError
from clearway.stores.places import Places
from clearway.stores.switch import switch
from clearway.stores.targets import snapshot_places
from clearway.stores.transport import Entry, Transport

from .errors import ReleaseError
from .files import Difference
from .objects import Object, objects_of, published_as
from .uploading import Courier, digest_of

Told = Callable[[str, int, int], None]
"""What goes on, how much of it is done, and of how much; 0 where nobody knows."""

_COMMITS = 5  # tries, each after another run changed the records in between


@dataclass(frozen=True)
class Publication:
    """What publishing does. `there` are the objects that are in the target already, of those `stale` are replaced.

    `previous` is the release that is current there; `places` are the releases there, as they were.
    """

    release: Release
    record: bytes
    objects: Mapping[str, Object]
    previous: str | None
    is_current: bool = False
    there: Mapping[str, Entry] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    places: Places | None = None
    differences: Sequence[Difference] = ()

    @property
    def missing(self) -> list[Object]:
        """What is uploaded, names that never change before those that do."""
        if self.is_current:
            return []
        wanted = [each for name, each in self.objects.items() if name not in self.there or name in self.stale]
        return sorted(wanted, key=lambda each: (not each.is_fixed, each.name))


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

    def plan(self, told: Told, known: Capabilities | None, *, verify: bool = False) -> Publication:
        """What there is to do. `known` is what the target remembers: None when nothing was ever published to it.

        With `verify`, the target is listed also when the release is current there. Raises `ReleaseError`.
        """
        whole = self._current()
        objects = objects_of(whole, self._coding, self._max_age)
        release = published_as(whole, self._coding)
        record = release.to_bytes()
        if known and known.coding != self._coding:
            raise ReleaseError(_other_coding(self._target.where, known.coding, self._coding))
        if known and not verify:
            previous = self._unchanged(release, record)
            if previous:
                return Publication(release, record, objects, previous, is_current=True)
        return self._listed(release, record, objects, told, verify=verify)

    def carry_out(self, planned: Publication, told: Told, now: int) -> None:
        """Do it. Raises `StoreError`; `LockedError` when another release became current there meanwhile."""
        missing = planned.missing
        there = {name: planned.there[name] for name in planned.stale}
        strangers = self._courier.carry(missing, there, lambda done: told("Uploaded", done, len(missing)))
        if strangers:
            raise ReleaseError(in_the_way(self._target.where, strangers))
        self._target.flush()
        told("Making it current", 0, 0)
        _commit(planned, self._target, now)

    def _current(self) -> Release:
        records = self._own.records
        id_ = records.current()
        if id_ is None:
            raise ReleaseError("there is no release to publish; run collectstatic")
        return records.release(id_)

    def _unchanged(self, release: Release, record: bytes) -> str | None:
        """The id of the current release, if it is this one with all that its record says."""
        records = snapshot_places(self._target).records
        if records.current() != release.id:
            return None
        try:
            return release.id if records.store.read(layout.record(release.id)) == record else None
        except FileNotFoundError:
            return None

    def _listed(
        self, release: Release, record: bytes, objects: Mapping[str, Object], told: Told, *, verify: bool
    ) -> Publication:
        there, own = {}, set()
        for count, entry in enumerate(self._target.list(), 1):
            told("Listed", count, 0)
            if entry.name in objects:
                there[entry.name] = entry
            elif entry.name == layout.MANIFEST or entry.name.startswith(f"{layout.FOLDER}/"):
                own.add(entry.name)
        places = snapshot_places(self._target, own)
        published = _published(places)
        known = objects_of(published, self._coding, None) if published else {}
        contents = {name: each.content for name, each in known.items()}
        stale, differences = self._compared(objects, there, {} if verify else contents, contents, told)
        return Publication(
            release,
            record,
            objects,
            places.records.current(),
            there=there,
            stale=stale,
            places=places,
            differences=differences,
        )

    def _compared(
        self,
        objects: Mapping[str, Object],
        there: Mapping[str, Entry],
        trusted: Mapping[str, Variant],
        known: Mapping[str, Variant],
        told: Told,
    ) -> tuple[frozenset[str], list[Difference]]:
        """Names whose contents are replaced, and what is in the way. `trusted` and `known` are what releases have.

        An object that the listing gives no digest of need not be read when it is trusted and has the right size.
        """
        doubted = {
            objects[name]: entry
            for name, entry in there.items()
            if digest_of(entry.version)
            or trusted.get(name) != objects[name].content
            or entry.size != objects[name].content.size
        }
        others = self._courier.strangers(doubted, lambda done: told("Compared", done, len(doubted)))
        stale = {name for name in others if not objects[name].is_fixed and self._is_known(there[name], known)}
        text = "is another file there; nothing of ours, and not replaced"
        return frozenset(stale), [Difference(name, text) for name in others if name not in stale]

    def _is_known(self, there: Entry, known: Mapping[str, Variant]) -> bool:
        """Whether an object is what the release that is current there has under this name."""
        return there.name in known and self._courier.content(there.name, there.size) == known[there.name]


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


def _commit(planned: Publication, target: Transport, now: int) -> None:
    release = planned.release
    places = planned.places or snapshot_places(target)
    for _ in range(_COMMITS):
        previous = places.records.current()
        is_lost = previous not in (planned.previous, release.id)
        try:
            if is_lost:
                _confirm(places, previous or "")
                break
            _make_current(planned, places, previous, now)
            return
        except ChangedError:
            places = snapshot_places(target)
    if is_lost:
        raise LockedError(
            f"{previous} became current in {target.where} meanwhile, and stays so; "
            f"publish again to make {release.id} current"
        )
    raise LockedError(f"other runs keep changing {target.where}; run this again when they are done")


def _confirm(places: Places, current: str) -> None:
    """What this run wrote before it lost, index and manifest, is made again as the current release has it."""
    records = places.records
    with suppress(RecordError, UnknownReleaseError), records.reading_once():
        switch(records.release(current), records.history(), places, reindex=True)


def _make_current(planned: Publication, places: Places, previous: str | None, now: int) -> None:
    records = places.records
    with records.reading_once():
        records.put_release(planned.release, planned.record)
        records.flush()
        history = records.history().switched(planned.release.id, previous, now)
        switch(planned.release, history, places)
