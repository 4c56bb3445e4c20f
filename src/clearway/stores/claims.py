"""The right to remove objects of a target: a sign of life in its history.

1. Whoever removes writes its sign into the history, on condition that it is the one by which it knows what is needed;
   then it removes, and takes the sign away.
2. Whoever commits a release reads the history without a sign, then looks at what is there, and writes the history last,
   on condition that nobody did in between.

So either a removal began after the commit and sees its release, or it was over before the release was looked at, or the
commit finds the history changed and looks again. The pointer is written anew with the sign: a run that committed long
ago, and lost its place in the history since, cannot make its release current any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from clearway.catalog import layout
from clearway.catalog.errors import RecordError
from clearway.catalog.history import History

from .errors import ChangedError, LockedError, StoreError
from .lease import Leased
from .records import Records
from .shared_directory import SharedDirectory
from .signs import Heart, Sign, is_of, is_over, named, own_sign
from .snapshot import Snapshot
from .targets import TargetPlaces, snapshot_places
from .transport import Transport

SILENCE = 330.0  # seconds: longer than one request with its repetitions takes, so that no removal arrives after it
ARRIVING = 10.0  # seconds in which a removal arrives that was asked for by a process which is dead now
RENEWED = 20.0  # seconds between two signs
_TRIES = 5


def unclaimed_places(transport: Transport, patience: float = 0) -> TargetPlaces:
    """The releases of a target as they are while nobody removes objects there.

    What a killed run left is taken over: soon where the kernel knows that its process is dead or a lock kept others
    away, otherwise when it gave no sign for `SILENCE` seconds. One that lives is waited for, for `patience` seconds.
    Raises `LockedError`.
    """
    silence = 0.0 if isinstance(transport, Leased | SharedDirectory) else SILENCE
    arriving = 0.0 if isinstance(transport, SharedDirectory) else ARRIVING
    for _ in range(_TRIES):
        places = snapshot_places(transport)
        sign = sweeper(places.records)
        if sign is None:
            return places
        watched = _Watched(transport)
        if not is_over(watched.look, silence, patience, arriving):
            raise LockedError(
                f"a prune ({named(sign)}) removes objects from {transport.where}, and lives: it renewed its sign in "
                f"{layout.FOLDER}/{layout.HISTORY} meanwhile; run this again when it is done"
            )
        watched.take_over()
    raise LockedError(f"other runs keep changing {transport.where}; run this again when they are done")


class _Watched:
    """The claim of another run."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._seen: Sign | None = None

    def look(self) -> Sign | None:
        self._seen = sweeper(_records(self._transport))
        return self._seen

    def take_over(self) -> None:
        """Take the sign away that was seen last; not that of a run that began meanwhile."""
        records = _records(self._transport)
        found = recorded_history(records)
        if found and found.sweeper and found.sweeper == self._seen:
            with suppress(ChangedError):
                records.put(layout.HISTORY, replace(found, sweeper=None).to_bytes())


def sweeper(records: Records) -> Sign | None:
    """The sign of who removes objects now."""
    found = recorded_history(records)
    return found.sweeper if found else None


def recorded_history(records: Records) -> History | None:
    """The history as it was written, not made again from the records; None where it is missing or damaged."""
    try:
        return History.from_bytes(records.store.read(layout.HISTORY))
    except (FileNotFoundError, RecordError):
        return None


class Claim:
    """The right to remove objects, while nobody takes it over."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._sign = own_sign()
        self._heart = Heart(self._renew, RENEWED)

    @contextmanager
    def held(self, places: TargetPlaces, history: History) -> Iterator[None]:
        """Write `history` with a sign, on condition that it is what `places` show; the sign is gone afterwards.

        Raises `ChangedError` when the history or the pointer were changed meanwhile.
        """
        records, current = places.records, places.records.current()
        claimed = replace(history, sweeps=history.sweeps + 1, sweeper=self._sign, pending=True)
        records.put(layout.HISTORY, claimed.to_bytes())
        try:
            if current:
                records.put(layout.CURRENT, layout.pointer(current, claimed.sweeps).encode())
            with self._heart:
                yield
        except BaseException:
            with suppress(LockedError, StoreError):
                self.done()
            raise

    def check(self) -> None:
        """Raise `LockedError` when another run took it over."""
        self._heart.check()
        self._own()

    def done(self, *removed: str) -> None:
        """Take the sign away, and the ids of releases whose objects are removed. With none, others make the indexes."""
        records = _records(self._transport)
        history = self._own(records)
        if history:
            forgotten = {id_: left for id_, left in history.forgotten.items() if id_ not in removed}
            left = replace(history, forgotten=forgotten, sweeper=None, pending=history.pending and not removed)
            records.put(layout.HISTORY, left.to_bytes())
            records.flush()

    def _renew(self) -> None:
        """A sign of life. What the store fails at is tried again the next time."""
        with suppress(StoreError):
            records = _records(self._transport)
            history = self._own(records)
            self._sign["beat"] += 1
            records.put(layout.HISTORY, replace(history, sweeper=self._sign).to_bytes())

    def _own(self, records: Records | None = None) -> History:
        history = recorded_history(records or _records(self._transport))
        if history is None or not is_of(history.sweeper, self._sign):
            raise LockedError(
                f"another run took over what this one was removing from {self._transport.where}; "
                f"look whether all is there: clearway verify --target {self._transport.where}"
            )
        return history


def _records(transport: Transport) -> Records:
    return Records(Snapshot(transport, layout.FOLDER))
