"""The compact index: every URL name of all retained releases in one file that is read once and never parsed.

    clearway-index 2 <SHA-256 of the rest, hex>\\n
    <length of the head, 4 octets>
    head      JSON: the current release, its static_url, the releases that first list something (`releases`), all
              whose names are in it (`union`), media types, the names at the top
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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import Any, Self
from zlib import crc32

from clearway.http.negotiation import CODINGS, IDENTITY, SUFFIXES

from .asset import Asset, Variant
from .errors import RecordError
from .history import History
from .release import Release
from .report import report

_MAGIC = b"clearway-index 2 "
_NUMBER = struct.Struct("<I")
_BOUNDS = struct.Struct("<II")
_TARGET = struct.Struct("<IB")  # number of the asset, and one of these:
_ALIAS = 0  # another name of it, or its own name without a hash
_PUBLISHED = 1  # its own name, under which nothing else may ever be
_KEPT, _REPLACED = 2, 3  # another name of it, under which an earlier release published something: so, or without a hash
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


@dataclass(frozen=True, slots=True)
class Union:
    """All releases of an index, made from it alone.

    `current` has what its release published under other names than its own, `every` what any release published, by
    its published name; of a SHA-256, both have the octets that are in the index. `origins` are those of `encode`.
    """

    current: Release
    every: Release
    origins: Mapping[str, str]

    def is_told_apart_from(self, release: Release) -> bool:
        """Whether what a release gives one of these names is what they had, or the current one had it for certain."""
        mine = {asset.name for asset in self.current.assets.values()}
        for name, new in release.assets.items():
            old = self.every.assets.get(new.name)
            if old and new.name not in mine and _row(new.name, old) != _row(name, new):
                return False
        return True


class _Table:
    """Rows of differing length inside one buffer. Raises ValueError or `struct.error` where they do not fit into it."""

    def __init__(self, buffer: memoryview) -> None:
        self._count: int = _NUMBER.unpack_from(buffer)[0]
        if _NUMBER.size * (self._count + 2) > len(buffer):
            raise ValueError(f"a table of {self._count} rows in {len(buffer)} octets")
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
        head, slots, self._names, self._assets = _sections(data, where)
        self._where = where
        self.current: str = head["current"]
        self.static_url: str = head["static_url"]
        self.top: frozenset[str] = frozenset(head["top"])
        self.releases: list[str] = head["releases"]
        self.union: frozenset[str] = frozenset(head.get("union", ()))
        self._types: list[str] = head["types"]
        entries = history.entries if history else {}
        self._created = {number: entries[id_].created for number, id_ in enumerate(self.releases) if id_ in entries}
        self._slots = slots
        self._mask = len(slots) // _NUMBER.size - 1

    def __len__(self) -> int:
        return len(self._names)

    def find(self, name: str) -> Found | None:
        """What `name` (a URL path below STATIC_URL) stands for.

        Nothing, where numbers lead nowhere: the digest finds what happened to a file by chance, and not what somebody
        wrote with a digest of its own.
        """
        try:
            target = self._target(name)
            return self._found(*target) if target else None
        except (struct.error, LookupError, ValueError):
            report(f"{self._where} is damaged; run collectstatic again")
            return None

    def keeps(self, name: str) -> bool:
        """Whether one of the releases published something under `name` that must not change."""
        target = self._target(name)
        return target is not None and target[1] in (_PUBLISHED, _KEPT)

    def has_published(self, name: str) -> bool:
        """Whether one of the releases published something under `name`, which may have changed since."""
        target = self._target(name)
        return target is not None and (target[1] != _ALIAS or self._found(*target).published_name == name)

    def names(self) -> Iterable[str]:
        """All names, sorted by their octets."""
        return (_decoded(row[_TARGET.size :]) for row in self._names)

    def everything(self) -> Union | None:
        """What the index knows of all releases; None where one name hides what another release published under it."""
        assets: dict[int, Asset] = {}
        aliases: dict[str, int] = {}
        origins: dict[str, str] = {}
        try:
            for place, row in enumerate(self._names):
                number, kind = _TARGET.unpack_from(row)
                name = _decoded(row[_TARGET.size :])
                own_place, _, origin = _ASSET.unpack_from(self._assets[number])
                if kind in (_KEPT, _REPLACED):
                    return None
                if own_place != place:
                    aliases[name] = number
                    continue
                assets[number] = _asset(self._found(number, kind))
                if origin != _UNKNOWN:
                    origins[name] = self.releases[origin]
            current = Release(self.static_url, "", {name: assets[number] for name, number in aliases.items()})
        except (struct.error, LookupError, ValueError):
            return None
        vars(current)["id"] = self.current
        every = Release(self.static_url, "", {asset.name: asset for asset in assets.values()})
        return Union(current, every, origins)

    def _target(self, name: str) -> tuple[int, int] | None:
        wanted = _encoded(name)
        slot = crc32(wanted) & self._mask
        while number := _NUMBER.unpack_from(self._slots, slot * _NUMBER.size)[0]:
            row = self._names[number - 1]
            if row[_TARGET.size :] == wanted:
                return _TARGET.unpack_from(row)
            slot = (slot + 1) & self._mask
        return None

    def _found(self, asset: int, kind: int) -> Found:
        row = self._assets[asset]
        name, type_, release = _ASSET.unpack_from(row)
        codings = tuple(
            (CODINGS[place], size, digest) for place, size, digest in _CODING.iter_unpack(row[_ASSET.size :])
        )
        if not any(coding == IDENTITY for coding, *_ in codings):
            raise ValueError("no identity")
        published_name = _decoded(self._names[name][_TARGET.size :])
        return Found(published_name, kind == _PUBLISHED, self._types[type_], self._created.get(release, 0), codings)


def _sections(data: bytes, where: str) -> tuple[dict[str, Any], memoryview, _Table, _Table]:
    head_end = len(_MAGIC) + 65
    if not data.startswith(_MAGIC) or sha256(data[head_end:]).hexdigest().encode() != data[len(_MAGIC) : head_end - 1]:
        raise RecordError(f"{where} is damaged or of another version; run collectstatic again")
    rest = memoryview(data)[head_end:]
    try:
        (length,) = _NUMBER.unpack_from(rest)
        head = _head(bytes(rest[4 : 4 + length]))
        slots, names, assets = (rest[4 + length + start :] for start in (0, head["names"], head["assets"]))
        return head, _hash_table(slots[: head["names"]]), _Table(names), _Table(assets)
    except (struct.error, ValueError, LookupError, TypeError, RecursionError) as error:
        raise RecordError(f"{where} is of another version; run collectstatic again") from error


def _head(data: bytes) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(data)
    texts = (
        head["current"],
        head["static_url"],
        *head["releases"],
        *head["types"],
        *head["top"],
        *head.get("union", ()),
    )
    if not all(isinstance(text, str) for text in texts) or not 0 <= head["names"] <= head["assets"]:
        raise ValueError("not the head of an index")
    return head


def _hash_table(slots: memoryview) -> memoryview:
    """The slots, among which a search ends: a power of two, and one is free."""
    count = len(slots) // _NUMBER.size
    if count & (count - 1) or 0 not in slots.cast("I"):
        raise ValueError("not a hash table")
    return slots


@dataclass
class _Rows:
    """The rows of an index under construction: names to (published name, kind), assets by their published names."""

    names: dict[bytes, tuple[str, int]]
    assets: dict[str, Asset]

    @classmethod
    def of(cls, current: Release, others: Iterable[Release]) -> Self:
        rows = cls({}, {})
        for release in (current, *others):
            for logical_name, asset in sorted(release.assets.items()):
                rows.publish(logical_name, asset)
            for logical_name, asset in current.assets.items() if release is current else ():
                rows.names.setdefault(_encoded(logical_name), (asset.name, _ALIAS))
        return rows

    def publish(self, logical_name: str, asset: Asset) -> None:
        self.assets.setdefault(asset.name, asset)
        immutable = asset.never_changes(logical_name)
        name = _encoded(asset.name)
        target, kind = self.names.setdefault(name, (asset.name, _PUBLISHED if immutable else _ALIAS))
        if immutable and kind != _PUBLISHED:
            self.names[name] = target, _KEPT
        elif target != asset.name and kind == _ALIAS:
            self.names[name] = target, _REPLACED


def encode(
    current: Release, others: Sequence[Release], origins: Mapping[str, str], union: Collection[str] = ()
) -> bytes:
    """The index of the union of retained releases; the names of `current` win.

    `origins` gives, by published name, the id of the first retained release that lists it (`History.origins`),
    `union` the ids of all, where `others` are not the releases themselves. Raises `RecordError` for more than the
    format can count.
    """
    try:
        return _encode(current, others, origins, union or {release.id for release in (current, *others)})
    except struct.error as error:
        raise RecordError(f"release {current.id} is too large for an index ({error})") from error


def _encode(current: Release, others: Sequence[Release], origins: Mapping[str, str], union: Collection[str]) -> bytes:
    rows = _Rows.of(current, others)
    order, published = sorted(rows.names), sorted(rows.assets)
    number = {name: place for place, name in enumerate(order)}
    place_of = {name: place for place, name in enumerate(published)}
    types = sorted({asset.type for asset in rows.assets.values()})
    releases = {id_: place for place, id_ in enumerate(sorted(set(origins.values())))}
    slots = _slots(order)
    targets = ((place_of[target], kind, name) for name in order for target, kind in [rows.names[name]])
    names = _table([_TARGET.pack(place, kind) + name for place, kind, name in targets])
    origin = {name: releases[id_] for name, id_ in origins.items()}
    listed = [rows.assets[name] for name in published]
    heads = (
        (number[_encoded(asset.name)], types.index(asset.type), origin.get(asset.name, _UNKNOWN)) for asset in listed
    )
    assets = _table([_ASSET.pack(*head) + _codings(asset) for head, asset in zip(heads, listed, strict=True)])
    head = {
        "current": current.id,
        "static_url": current.static_url,
        "releases": list(releases),
        "union": sorted(union),
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
        for asset in rows.assets.values()
        if "/" not in asset.name
        for coding, suffix in SUFFIXES.items()
        if coding in asset.variants
    )
    return sorted({_decoded(name).partition("/")[0] for name in names}.union(variants))


def _asset(found: Found) -> Asset:
    codings = {coding: Variant(size, digest.hex()) for coding, size, digest in found.codings}
    own = codings.pop(IDENTITY)
    return Asset(
        found.published_name,
        own.size,
        own.sha256,
        "",
        found.type,
        variants=codings,
        immutable=found.immutable,
    )


def _row(logical_name: str, asset: Asset) -> tuple[str, bytes, bool]:
    """What the index has of an asset, and whether it may never change."""
    return asset.type, _codings(asset), asset.never_changes(logical_name)


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
