"""What a store can do, found out by asking for it, and remembered in the store beside the records.

That a store answers without an error proves nothing: some answer 200 to a condition and overwrite.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import token_hex
from time import sleep
from typing import Any, Self

from clearway.catalog import layout

from .errors import ChangedError, LockedError, StoreError
from .lease import Leased
from .object_store import BucketStore, status
from .transport import Fields, Transport, Version

FILE = f"{layout.FOLDER}/store.json"
FORMAT = 1
_FIELDS = Fields("application/json", "no-cache")
_WRONG = Version('"00000000000000000000000000000000"', "0")
_UNKNOWN = (400, 405, 501)  # how stores answer to a condition that they do not know
_PATIENCE = 6  # looks, half a second apart, at what another run is finding out


@dataclass(frozen=True)
class Capabilities:
    """What was proven: creating only what is not there, replacing only what was seen, and how a version is named.

    `checked` is when (ISO 8601); `coding` is the content coding that texts are published in, empty when each has its
    variants beside it.
    """

    creates_only: bool = True
    swaps: bool = True
    quotes_etags: bool = True
    checked: str = ""
    coding: str = ""

    @property
    def is_conditional(self) -> bool:
        """Whether the store itself keeps two runs from overwriting each other."""
        return self.creates_only and self.swaps

    def to_bytes(self) -> bytes:
        return json.dumps({"format": FORMAT, **vars(self)}, indent=1).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """None for another format and for no such file: it is found out again."""
        try:
            read: dict[str, Any] = json.loads(data)
            if read["format"] != FORMAT:
                return None
            flags = {key: bool(read[key]) for key in ("creates_only", "swaps", "quotes_etags")}
            return cls(**flags, checked=str(read["checked"]), coding=str(read["coding"]))
        except (LookupError, TypeError, ValueError):
            return None


def remembered(transport: Transport) -> Capabilities | None:
    """What an earlier run found out; one request."""
    try:
        return Capabilities.from_bytes(transport.read(FILE)[0])
    except FileNotFoundError:
        return None


def keeps_fields(transport: Transport) -> bool:
    """Whether the store answers with the header fields that it was given: those of this very object tell."""
    try:
        return transport.fields(FILE) in (None, _FIELDS)
    except FileNotFoundError:
        return True


def find_out(transport: Transport, coding: str = "") -> Capabilities:
    """Ask for everything with the object that remembers the answers: four requests where all is well.

    What a run that was killed left in the middle of it is removed. Raises `LockedError` when another run is asking.
    """
    best = Capabilities(checked=datetime.now(UTC).isoformat(timespec="seconds"), coding=coding)
    draft = json.dumps({"format": 0, "asked_by": token_hex(16)}).encode()
    for _ in range(2):
        if found := _find_out(transport, draft, best) or _wait(transport):
            return found
        transport.delete([FILE])
    raise LockedError(f"another run is finding out what {transport.where} can do; run this again when it is done")


def adapted(transport: Transport, capabilities: Capabilities) -> Transport:
    """The transport as its store needs it: with entity tags as they are understood, or with a lease."""
    if not capabilities.is_conditional:
        return Leased(transport)
    if isinstance(transport, BucketStore) and not capabilities.quotes_etags:
        return transport.without_quotes()
    return transport


def _wait(transport: Transport) -> Capabilities | None:
    """What another run finds out meanwhile."""
    for _ in range(_PATIENCE):
        if found := remembered(transport):
            return found
        sleep(0.5)
    return None


def _find_out(transport: Transport, draft: bytes, best: Capabilities) -> Capabilities | None:
    """None when the object is there already, and is not of this run."""
    version, creates = _begin(transport, draft)
    if version is None:
        return None
    with ThreadPoolExecutor(1) as beside:  # neither changes anything where all is well
        refuses = beside.submit(_answer, lambda: _is_refused(transport, draft, _WRONG))
        creates = creates and _answer(lambda: transport.create(FILE, draft, _FIELDS) is None)
    best = replace(best, creates_only=creates)
    if refuses.result() and (found := _swapped(transport, best, version)):
        return found
    found = replace(best, swaps=False)
    transport.put(FILE, found.to_bytes(), _FIELDS)
    return found


def _swapped(transport: Transport, best: Capabilities, version: Version) -> Capabilities | None:
    """What is remembered from now on; None when the store refuses the right version, however it is named."""
    ways = _ways(transport, best)
    for found, way in ways:
        if not _is_refused(way, found.to_bytes(), version):
            return found
    there = transport.read(FILE)[0]  # an answer may have been lost, and the client asked again
    return next((found for found, _ in ways if found.to_bytes() == there), None)


def _begin(transport: Transport, draft: bytes) -> tuple[Version | None, bool]:
    """The version of the new object, and whether it could be asked for on condition that there is none."""
    try:
        version = transport.create(FILE, draft, _FIELDS)
    except StoreError as error:
        if not _is_unknown(error):
            raise
        return transport.put(FILE, draft, _FIELDS), False
    if version is None:
        found, now = transport.read(FILE)
        version = now.version if found == draft else None  # the answer was lost, and the client asked again
    return version, True


def _ways(transport: Transport, best: Capabilities) -> list[tuple[Capabilities, Transport]]:
    """How a version may be named, the right way first."""
    ways: list[tuple[Capabilities, Transport]] = [(best, transport)]
    if isinstance(transport, BucketStore):
        ways.append((replace(best, quotes_etags=False), transport.without_quotes()))
    return ways


def _is_refused(transport: Transport, data: bytes, expected: Version) -> bool:
    """Whether the store says that the object is not of this version."""
    try:
        transport.swap(FILE, data, _FIELDS, expected)
    except ChangedError:
        return True
    return False


def _answer(asked: Callable[[], bool]) -> bool:
    """What was asked; False where the store knows no such condition. Other errors are raised."""
    try:
        return asked()
    except StoreError as error:
        if not _is_unknown(error):
            raise
        return False


def _is_unknown(error: StoreError) -> bool:
    return status(error) in _UNKNOWN or isinstance(error.__cause__, NotImplementedError)
