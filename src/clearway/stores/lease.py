"""One publisher at a time in a store without conditions: an object is the sign of life of the one that writes.

It is weaker than a condition: two that begin within the same moment are told apart by who is read back, and a run that
was stopped for longer than the lease lasts, in the middle of a write, finishes that write when it goes on.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import sleep
from typing import Any

from clearway.catalog import layout

from .errors import ChangedError, LockedError, StoreError
from .signs import Heart, Sign, is_of, is_over, named, own_sign
from .transport import Entry, Fields, Transport, Version

FILE = f"{layout.FOLDER}/lease.json"
LASTS = 60.0  # seconds without a sign after which a run counts as killed
RENEWED = 10.0  # seconds between two signs
ARRIVING = 10.0  # seconds in which a write arrives that was asked for by a process which is dead now
_SETTLES = 1.0  # seconds in which the object of another that began at the same moment arrives
_FIELDS = Fields("application/json", "no-cache")


class Leased:
    """A transport whose writes look first, and only go on while the lease is this run's. Raises `LockedError`."""

    def __init__(self, transport: Transport) -> None:
        self.where = transport.where
        self._transport = transport
        self._sign = own_sign()
        self._heart = Heart(self._renew, RENEWED)

    def list(self) -> Iterator[Entry]:
        return self._transport.list()

    def head(self, name: str) -> Entry | None:
        return self._transport.head(name)

    def read(self, name: str) -> tuple[bytes, Entry]:
        return self._transport.read(name)

    def fields(self, name: str) -> Fields | None:
        return self._transport.fields(name)

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        self._heart.check()
        return None if self.head(name) else self._transport.put(name, data, fields)

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        self._check()
        found = self.head(name)
        if found is None or found.version.etag != expected.etag:  # a listing does not tell numbers
            raise ChangedError(f"{self.where}/{name}")
        return self._transport.put(name, data, fields)

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        self._check()
        return self._transport.put(name, data, fields)

    def copy(self, source: str, target: str) -> None:
        self._heart.check()
        self._transport.copy(source, target)

    def delete(self, names: Sequence[str]) -> None:
        self._check()
        self._transport.delete(names)

    def flush(self) -> None:
        self._transport.flush()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the lease. Raises `LockedError` when another run has it, and shows that it lives.

        That of a killed run is taken over: after `ARRIVING` seconds where the kernel knows that the process is dead,
        otherwise when it was watched for `LASTS` seconds and did not change.
        """
        self._take()
        try:
            with self._heart:
                yield
        finally:
            if is_of(self._found(), self._sign):
                self._transport.delete([FILE])

    def _take(self) -> None:
        if not is_over(self._found, LASTS, arriving=ARRIVING):
            found = self._found()
            who = f" ({named(found)})" if found else ""
            raise LockedError(
                f"another run{who} writes to {self.where}, and lives: it renewed {FILE} meanwhile; "
                "run this again when it is done"
            )
        self._sign, self._heart = own_sign(), Heart(self._renew, RENEWED)
        self._write()
        sleep(_SETTLES)
        self._check()

    def _renew(self) -> None:
        """A sign of life. What the store fails at is tried again the next time."""
        try:
            self._check()
            self._sign["beat"] += 1
            self._write()
        except StoreError:
            return

    def _check(self) -> None:
        self._heart.check()
        if not is_of(self._found(), self._sign):
            raise LockedError(f"another run took {self.where} over; run this again when it is done")

    def _write(self) -> None:
        self._transport.put(FILE, json.dumps(self._sign).encode(), _FIELDS)

    def _found(self) -> Sign | None:
        try:
            read: dict[str, Any] = json.loads(self._transport.read(FILE)[0])
            return {**read, "owner": str(read["owner"])}
        except (FileNotFoundError, LookupError, TypeError, ValueError):
            return None
