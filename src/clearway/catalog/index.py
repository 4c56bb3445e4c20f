"""The compact index: every URL name of all retained releases in one file that is read once and never parsed.

    clearway-index 2 <SHA-256 of the rest, hex>\\n
    <length of the head, 4 octets>
    head      JSON: the current release, its static_url, the retained releases, media types, the names at the top
    slots     a hash table: number of a name plus one, or 0; CRC-32 of the name, linear probing
    names     table of rows: see `_TARGET`, then the name in UTF-8; sorted by name
    assets    table of rows: see `_ASSET` and `_CODING`

A table is the number of its rows, where each row begins and where the last ends (4 octets each), then the rows.
All numbers are little-endian. Loading checks the digest and finds the tables; names are hashed when the index is
made, so that a worker pays for what it serves and not for what exists. Times are not in it but in the history, so
that two builds of one input give the same index on any day.
"""

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import Any, Self
from zlib import crc32

from clearway.http.negotiation import CODINGS, SUFFIXES

from .asset import Asset
from .errors import RecordError
from .history import History
from .release import Release

_MAGIC = b"clearway-index 2 "
_NUMBER = struct.Struct("<I")
_BOUNDS = struct.Struct("<II")
_TARGET = struct.Struct("<IB")  # number of the asset, 1 when the name is its published one
_ASSET = struct.Struct("<IHH")  # number of the published name, of the media type, of the first release that lists it
_UNKNOWN = 0xFFFF  # the number of no release
_CODING = struct.Struct("<BQ16s")  # place in CODINGS, size, first 16 octets of the SHA-256
DIGEST_OCTETS = 16


@dataclass(frozen=True, slots=True)
class Found:
    """What the index says of one name.

    `created` is 0 when nobody knows; `codings` are (coding, size, first 16 octets of the SHA-256) rows.
    """

    published_name: str
    immutable: bool
    type: str
    created: int
    codings: tuple[tuple[str, int, bytes], ...]


class _Table:
    """Rows of differing length inside one buffer."""

    def __init__(self, buffer: memoryview) -> None:
        self._count: int = _NUMBER.unpack_from(buffer)[0]
        self._rows = buffer[_NUMBER.size * (self._count + 2) :]
        self._starts = buffer[_NUMBER.size :]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> bytes:
        start, end = _BOUNDS.unpack_from(self._starts, number * _NUMBER.size)
        return self._rows[start:end].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        return (self[number] for number in range(self._count))


class Index:
    """A loaded index; `history` tells when its releases were made.

    Raises `RecordError` unless `data` is whole and of this format.
    """

    def __init__(self, data: bytes, where: str = "index", history: History | None = None) -> None:
        head, slots, names, assets = _sections(data, where)
        self.current: str = head["current"]
        self.static_url: str = head["static_url"]
        self.top: frozenset[str] = frozenset(head["top"])
        self.releases: list[str] = head["releases"]
        self._types: list[str] = head["types"]
        entries = history.entries if history else {}
        self._created = {number: entries[id_].created for number, id_ in enumerate(self.releases) if id_ in entries}
        self._slots = slots
        self._mask = len(slots) // _NUMBER.size - 1
        self._names = _Table(names)
        self._assets = _Table(assets)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, name: str) -> Found | None:
        """What `name` (a URL path below STATIC_URL) stands for."""
        wanted = _encoded(name)
        slot = crc32(wanted) & self._mask
        while number := _NUMBER.unpack_from(self._slots, slot * _NUMBER.size)[0]:
            row = self._names[number - 1]
            if row[_TARGET.size :] == wanted:
                return self._found(*_TARGET.unpack_from(row))
            slot = (slot + 1) & self._mask
        return None

    def names(self) -> Iterable[str]:
        """All names, sorted by their octets."""
        return (_decoded(row[_TARGET.size :]) for row in self._names)

    def _found(self, asset: int, published: int) -> Found:
        row = self._assets[asset]
        name, type_, release = _ASSET.unpack_from(row)
        codings = tuple(
            (CODINGS[place], size, digest) for place, size, digest in _CODING.iter_unpack(row[_ASSET.size :])
        )
        published_name = _decoded(self._names[name][_TARGET.size :])
        return Found(published_name, bool(published), self._types[type_], self._created.get(release, 0), codings)


def _sections(data: bytes, where: str) -> tuple[dict[str, Any], memoryview, memoryview, memoryview]:
    head_end = len(_MAGIC) + 65
    if not data.startswith(_MAGIC) or sha256(data[head_end:]).hexdigest().encode() != data[len(_MAGIC) : head_end - 1]:
        raise RecordError(f"{where} is damaged or of another version; run collectstatic again")
    rest = memoryview(data)[head_end:]
    try:
        (length,) = _NUMBER.unpack_from(rest)
        head = json.loads(bytes(rest[4 : 4 + length]))
        slots, names, assets = (rest[4 + length + start :] for start in (0, head["names"], head["assets"]))
    except (struct.error, ValueError, LookupError, TypeError) as error:
        raise RecordError(f"{where} is of another version; run collectstatic again") from error
    return head, slots[: head["names"]], names, assets


@dataclass
class _Rows:
    """The rows of an index under construction: names to (asset, is published), assets to their encoded form."""

    names: dict[bytes, tuple[int, bool]]
    assets: list[Asset]
    places: dict[str, int]

    @classmethod
    def of(cls, current: Release, others: Iterable[Release]) -> Self:
        rows = cls({}, [], {})
        for release in (current, *others):
            for logical_name, asset in sorted(release.assets.items()):
                rows.publish(logical_name, asset)
            for logical_name, asset in current.assets.items() if release is current else ():
                rows.names.setdefault(_encoded(logical_name), (rows.places[asset.name], False))
        return rows

    def publish(self, logical_name: str, asset: Asset) -> None:
        if asset.name not in self.places:
            self.places[asset.name] = len(self.assets)
            self.assets.append(asset)
        immutable = asset.immutable or asset.name != logical_name
        self.names.setdefault(_encoded(asset.name), (self.places[asset.name], immutable))


def encode(current: Release, others: Sequence[Release], origins: Mapping[str, str]) -> bytes:
    """The index of the union of retained releases; the names of `current` win.

    `origins` gives, by published name, the id of the first retained release that lists it (`History.origins`).
    """
    rows = _Rows.of(current, others)
    order = sorted(rows.names)
    number = {name: place for place, name in enumerate(order)}
    types = sorted({asset.type for asset in rows.assets})
    releases = {id_: place for place, id_ in enumerate(sorted(set(origins.values())))}
    slots = _slots(order)
    names = _table([_TARGET.pack(*rows.names[name]) + name for name in order])
    origin = {name: releases[id_] for name, id_ in origins.items()}
    heads = (
        (number[_encoded(asset.name)], types.index(asset.type), origin.get(asset.name, _UNKNOWN))
        for asset in rows.assets
    )
    assets = _table([_ASSET.pack(*head) + _codings(asset) for head, asset in zip(heads, rows.assets, strict=True)])
    head = {
        "current": current.id,
        "static_url": current.static_url,
        "releases": list(releases),
        "types": types,
        "top": _top(order, rows),
        "names": len(slots),
        "assets": len(slots) + len(names),
    }
    encoded_head = json.dumps(head, sort_keys=True).encode()
    rest = _NUMBER.pack(len(encoded_head)) + encoded_head + slots + names + assets
    return _MAGIC + sha256(rest).hexdigest().encode() + b"\n" + rest


def _top(names: Iterable[bytes], rows: _Rows) -> list[str]:
    """What lies at the top of the tree and belongs to a release, files of variants included."""
    variants = (
        asset.name + suffix
        for asset in rows.assets
        if "/" not in asset.name
        for coding, suffix in SUFFIXES.items()
        if coding in asset.variants
    )
    return sorted({_decoded(name).partition("/")[0] for name in names}.union(variants))


def _codings(asset: Asset) -> bytes:
    codings = {"identity": (asset.size, asset.sha256)}
    codings |= {coding: (variant.size, variant.sha256) for coding, variant in asset.variants.items()}
    rows = (
        _CODING.pack(CODINGS.index(coding), size, bytes.fromhex(digest)[:DIGEST_OCTETS])
        for coding, (size, digest) in sorted(codings.items())
        if coding in CODINGS
    )
    return b"".join(rows)


def _table(rows: list[bytes]) -> bytes:
    starts = accumulate((len(row) for row in rows), initial=0)
    return _NUMBER.pack(len(rows)) + struct.pack(f"<{len(rows) + 1}I", *starts) + b"".join(rows)


def _slots(names: list[bytes]) -> bytes:
    """A hash table at most half full; its size is a power of two."""
    mask = (1 << (2 * len(names)).bit_length()) - 1
    slots = [0] * (mask + 1)
    for number, name in enumerate(names, start=1):
        slot = crc32(name) & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = number
    return struct.pack(f"<{len(slots)}I", *slots)


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogatepass")
