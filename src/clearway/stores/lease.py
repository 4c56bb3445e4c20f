"""One publisher at a time in a store without conditions: an object says who, and until when.

It is weaker than a condition: two that begin within the same moment are told apart by who is read back, and clocks that
differ by more than the lease lasts defeat it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex
from threading import Lock
from time import monotonic, sleep, time
from typing import Any

from clearway.catalog import layout

from .errors import ChangedError, LockedError
from .transport import Entry, Fields, Transport, Version

FILE = f"{layout.FOLDER}/lease.json"
LASTS = 300  # seconds
_RENEWED = LASTS / 5
_SETTLES = 1.0  # seconds in which the object of another that began at the same moment arrives
_FIELDS = Fields("application/json", "no-cache")


class Leased:
    """A transport whose writes look first, and only go on while the lease is this run's. Raises `LockedError`."""

    def __init__(self, transport: Transport) -> None:
        self.where = transport.where
        self._transport = transport
        self._owner = token_hex(8)
        self._until = 0.0
        self._renewing = Lock()

    def list(self) -> Iterator[Entry]:
        return self._transport.list()

    def head(self, name: str) -> Entry | None:
        return self._transport.head(name)

    def read(self, name: str) -> tuple[bytes, Entry]:
        return self._transport.read(name)

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        self._keep()
        return None if self.head(name) else self._transport.put(name, data, fields)

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        self._check()
        found = self.head(name)
        if found is None or found.version != expected:
            raise ChangedError(f"{self.where}/{name}")
        return self._transport.put(name, data, fields)

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        self._check()
        return self._transport.put(name, data, fields)

    def copy(self, source: str, target: str) -> None:
        self._keep()
        self._transport.copy(source, target)

    def delete(self, names: Sequence[str]) -> None:
        self._check()
        self._transport.delete(names)

    def flush(self) -> None:
        self._transport.flush()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the lease. Raises `LockedError` when another run has it."""
        self._take()
        try:
            yield
        finally:
            if (self._found() or {}).get("owner") == self._owner:
                self._transport.delete([FILE])

    def _take(self) -> None:
        found = self._found()
        if found and found["until"] > time():
            raise LockedError(
                f"another run publishes to {self.where}, for {found['until'] - time():.0f} seconds at most; "
                f"run this again then, or delete {FILE} when there is no such run"
            )
        self._write()
        sleep(_SETTLES)
        self._check()

    def _keep(self) -> None:
        """Renew the lease long before it ends."""
        with self._renewing:
            if monotonic() > self._until:
                self._check()
                self._write()

    def _check(self) -> None:
        if (self._found() or {}).get("owner") != self._owner:
            raise LockedError(f"another run took {self.where} over; run this again when it is done")

    def _write(self) -> None:
        data = {"owner": self._owner, "until": time() + LASTS}
        self._transport.put(FILE, json.dumps(data).encode(), _FIELDS)
        self._until = monotonic() + _RENEWED

    def _found(self) -> dict[str, Any] | None:
        try:
            read = json.loads(self._transport.read(FILE)[0])
            return {"owner": str(read["owner"]), "until": float(read["until"])}
        except (FileNotFoundError, LookupError, TypeError, ValueError):
            return None
