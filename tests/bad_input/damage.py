"""Damaged and foreign records: every way of breaking the files in `.clearway`."""

import json
import os
import random
import struct
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from clearway.catalog import index, layout
from clearway.catalog.asset import Asset
from clearway.catalog.release import Release

Damage = Callable[[Path], None]  # the folder of records
WHERES = ("index", "record", "history", "current", "manifest")


def place(records: Path, where: str) -> Path:
    """One of the files by its role."""
    current = (records / layout.CURRENT).read_text().strip()
    names = {
        "index": layout.index(current),
        "record": layout.record(current),
        "history": layout.HISTORY,
        "current": layout.CURRENT,
        "manifest": f"../{layout.MANIFEST}",
    }
    return records / names[where]


# --- by chance


def truncated(where: str, share: float) -> Damage:
    def damage(records: Path) -> None:
        path = place(records, where)
        os.truncate(path, int(path.stat().st_size * share))

    return damage


def flipped(where: str, seed: int) -> Damage:
    def damage(records: Path) -> None:
        path, chance = place(records, where), random.Random(seed)
        data = bytearray(path.read_bytes())
        for _ in range(chance.choice((1, 1, 2, 20))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)

    return damage


# --- other things in the place of a file


def written(where: str, data: bytes) -> Damage:
    return lambda records: put(place(records, where), data)


def put(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def replaced(where: str, make: Callable[[Path], object]) -> Damage:
    def damage(records: Path) -> None:
        path = place(records, where)
        path.unlink()
        make(path)

    return damage


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 << 30)


OTHERS: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: None,
    "a directory": Path.mkdir,
    "a FIFO": os.mkfifo,
    "a dangling link": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "3 GB of nothing": sparse,
}
CURRENTS: dict[str, bytes] = {
    "empty": b"",
    "rubbish": b"\xff\xfe\x00rubbish",
    "NUL": b"0123456789abcdef\0",
    "two": b"0123456789abcdef\n0123456789abcdef\n",
    "huge": b"a" * 5_000_000,
    "climbing": b"../../evil",
    "absolute": b"/etc/passwd",
    "another": b"0123456789abcdef\n",
    "drive": b"C:\\evil",
}

# --- written with care: the digest of the index is right


def sealed(rest: bytes) -> bytes:
    return b"clearway-index 2 " + sha256(rest).hexdigest().encode() + b"\n" + rest


def taken_apart(data: bytes) -> tuple[dict[str, object], bytearray, bytearray, bytearray]:
    rest = data[len(b"clearway-index 2 ") + 65 :]
    (length,) = struct.unpack_from("<I", rest)
    head = json.loads(rest[4 : 4 + length])
    tables = rest[4 + length :]
    names, assets = head["names"], head["assets"]
    return head, bytearray(tables[:names]), bytearray(tables[names:assets]), bytearray(tables[assets:])


def put_together(head: object, slots: bytes, names: bytes, assets: bytes, *, keep: bool = False) -> bytes:
    if isinstance(head, dict) and not keep:
        head = head | {"names": len(slots), "assets": len(slots) + len(names)}
    text = json.dumps(head).encode()
    return sealed(struct.pack("<I", len(text)) + text + slots + names + assets)


def forged(
    change: Callable[[dict[str, object], bytearray, bytearray, bytearray], object], *, keep: bool = False
) -> Damage:
    """Change the parts of the index, in place or by giving back another head."""

    def damage(records: Path) -> None:
        path = place(records, "index")
        head, slots, names, assets = taken_apart(path.read_bytes())
        other = change(head, slots, names, assets)
        path.write_bytes(put_together(head if other is None else other, slots, names, assets, keep=keep))

    return damage


def fill(table: bytearray, number: int) -> None:
    table[:] = struct.pack("<I", number) * (len(table) // 4)


def start_at(table: bytearray, offset: int) -> None:
    """Let every row of a table begin somewhere else."""
    (count,) = struct.unpack_from("<I", table)
    struct.pack_into(f"<{count + 1}I", table, 4, *(offset + 7 * number for number in range(count + 1)))


def scramble(table: bytearray, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        table[chance.randrange(4, len(table))] = chance.randrange(256)


FORGED: dict[str, Damage] = {
    "a search that never ends": forged(lambda head, slots, names, assets: fill(slots, 1)),
    "slots beyond the table": forged(lambda head, slots, names, assets: fill(slots, 0xFFFFFFFF)),
    "no slots": forged(lambda head, slots, names, assets: slots.clear()),
    "three slots": forged(lambda head, slots, names, assets: slots.__delitem__(slice(12, None))),
    "half a slot": forged(lambda head, slots, names, assets: slots.append(0)),
    "four billion names": forged(lambda head, slots, names, assets: struct.pack_into("<I", names, 0, 0xFFFFFFFF)),
    "four billion assets": forged(lambda head, slots, names, assets: struct.pack_into("<I", assets, 0, 0xFFFFFFFF)),
    "no names": forged(lambda head, slots, names, assets: names.clear()),
    "no assets": forged(lambda head, slots, names, assets: assets.clear()),
    "names beyond the end": forged(lambda head, slots, names, assets: start_at(names, 0xFFFF0000)),
    "assets beyond the end": forged(lambda head, slots, names, assets: start_at(assets, 0xFFFF0000)),
    "assets on top of each other": forged(lambda head, slots, names, assets: start_at(assets, 0)),
    "short assets": forged(lambda head, slots, names, assets: assets.__delitem__(slice(-20, None))),
    **{f"scrambled names {n}": forged(lambda head, slots, names, assets, n=n: scramble(names, n)) for n in range(20)},
    **{f"scrambled assets {n}": forged(lambda head, slots, names, assets, n=n: scramble(assets, n)) for n in range(20)},
    **{f"scrambled slots {n}": forged(lambda head, slots, names, assets, n=n: scramble(slots, n)) for n in range(10)},
    **{
        f"without {key}": forged(lambda head, *_, key=key: {k: v for k, v in head.items() if k != key}, keep=True)
        for key in ("current", "static_url", "releases", "types", "top", "names", "assets")
    },
    **{
        f"{key} is {value!r}": forged(lambda head, *_, key=key, value=value: head | {key: value}, keep=True)
        for key in ("current", "static_url", "releases", "types", "top", "names", "assets")
        for value in (None, 5, -5, 1e300, [[]], [None], {"a": []}, 2**70)
    },
    "a head that is a list": forged(lambda *_: []),
    "a head that is a number": forged(lambda *_: 5),
    "a deep head": lambda records: place(records, "index").write_bytes(
        sealed(struct.pack("<I", 200_000) + b"[" * 200_000)
    ),
    "types that forge a field": forged(lambda head, *_: head | {"types": ["text/css\r\nForged-By-A-Name: 1"] * 9}),
    "another version": lambda records: place(records, "index").write_bytes(
        place(records, "index").read_bytes().replace(b"clearway-index 2", b"clearway-index 3", 1)
    ),
}

OUTSIDE = (
    "../outside/canary.txt", "../../canary.txt", "d/../../outside/canary.txt", "./../outside/canary.txt", "@outside@",
    "..\\outside\\canary.txt", "d//../../outside/canary.txt", "/", "", ".", "..", "a\0b", ".env", ".git/config",
    "d/.env",
    ".clearway/current", "\ud800", "\udcff", "x" * 5000, "fifo.css", "d",
)  # fmt: skip


def naming(names: tuple[str, ...], data: bytes) -> Damage:
    """An index and a record of a release that published these names, with the right length and digest of `data`."""

    def damage(records: Path) -> None:
        digest = sha256(data).hexdigest()
        assets = {f"n{number}.css": Asset(name, len(data), digest, "", "text/css") for number, name in enumerate(names)}
        made = Release("/static/", "0" * 64, assets)
        path = place(records, "current")
        put(records / layout.record(made.id), made.to_bytes())
        put(records / layout.index(made.id), index.encode(made, [], {}))
        put(path, made.id.encode())

    return damage


def history_with(ids: tuple[str, ...]) -> Damage:
    """A history that retains releases by these ids, and no index, so that their records are looked for."""

    def damage(records: Path) -> None:
        place(records, "index").unlink()
        data = json.loads((records / layout.HISTORY).read_bytes())
        data["releases"] |= {id_: {"created": "2024-01-01T00:00:00Z", "parent": None, "retired": None} for id_ in ids}
        put(records / layout.HISTORY, json.dumps(data).encode())

    return damage


def both(*damages: Damage) -> Damage:
    def damage(records: Path) -> None:
        for each in damages:
            each(records)

    return damage


FOREIGN_HISTORIES: dict[str, bytes] = {
    "other format": b'{"format": 2, "releases": {}}',
    "a list": b"[]",
    "ids that climb": b'{"format": 1, "releases": {"../../evil": {"created": "2024-01-01T00:00:00Z"}}}',
    "times that never were": b'{"format": 1, "releases": {"a": {"created": "9999-99-99"}}}',
    "deep": b"[" * 200_000,
    "NaN": b'{"format": NaN}',
}


def table() -> Iterator[tuple[str, Damage]]:
    """All of it, by name."""
    for where in WHERES:
        yield from ((f"{where} truncated to {share:.0%}", truncated(where, share / 20)) for share in range(20))
        yield from ((f"{where} flipped {seed}", flipped(where, seed)) for seed in range(12))
        yield from ((f"{where} is {name}", replaced(where, make)) for name, make in OTHERS.items())
        yield f"{where} is foreign", written(where, b'{"format": 99, "assets": {"site.css": {"name": "../x"}}}')
    yield from ((f"current is {name}", written("current", data)) for name, data in CURRENTS.items())
    yield from ((f"history: {name}", written("history", data)) for name, data in FOREIGN_HISTORIES.items())
    yield from ((f"forged index: {name}", damage) for name, damage in FORGED.items())
    lost = replaced("index", lambda path: None)
    yield "no index, and no record", both(lost, replaced("record", lambda path: None))
    yield "no index, and half a record", both(truncated("record", 0.5), lost)
    yield (
        "records of other places",
        history_with(("../../evil", "/etc/passwd", "a\0b", "", "0123456789abcdef", "x" * 999)),
    )
