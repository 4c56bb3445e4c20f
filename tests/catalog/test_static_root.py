"""STATIC_ROOT as it is found: with an index, with a damaged one, with Django's manifest, with nothing."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace

import pytest

from clearway.catalog import layout
from clearway.catalog.catalog import Catalog, Mount
from clearway.catalog.errors import UnknownReleaseError
from clearway.catalog.layer import Known, Layer
from clearway.http.resource import Resource

from .samples import URL, deploy, hashed, headers_of, plant, static_root

OLD = {"app/a.css": b"old", "gone.js": b"gone"}
NEW = {"app/a.css": b"new", "top.js": b"top"}
FOREVER, SHORT = "public, max-age=31536000, immutable", "max-age=60, public"
Warnings = Callable[[], list[str]]


def find(layers: tuple[Layer, ...], name: str) -> Known | None:
    found = Catalog([Mount(URL, layers)]).find(URL + name)
    assert found is None or isinstance(found, Known)
    return found


def age(layers: tuple[Layer, ...], name: str) -> str | None:
    """The Cache-Control that a name is answered with, None for a miss."""
    found = find(layers, name)
    return None if found is None else headers_of(found)["Cache-Control"]


def short(value: object) -> str:
    """The id of a test."""
    return ascii(value)[:24]


def records(root: Path) -> Path:
    return root / layout.FOLDER


def assert_union(layers: tuple[Layer, ...]) -> None:
    """Both releases are served, the names of the new one win."""
    assert {name: age(layers, name) for name in ("app/a.css", "top.js")} == {"app/a.css": SHORT, "top.js": SHORT}
    for sources in (OLD, NEW):
        assert {age(layers, hashed(name, data)) for name, data in sources.items()} == {FOREVER}
    alias, new = find(layers, "app/a.css"), find(layers, hashed("app/a.css", b"new"))
    assert isinstance(alias, Resource)
    assert isinstance(new, Resource)
    assert alias.identity.tag == new.identity.tag
    assert [each.coding for each in alias.representations] == [each.coding for each in new.representations]
    assert headers_of(find(layers, hashed("app/a.css", b"old")))["Last-Modified"] == "Thu, 01 Jan 1970 00:16:40 GMT"
    assert headers_of(alias)["Last-Modified"] == "Thu, 01 Jan 1970 01:16:40 GMT"


# --- with an index


def test_all_retained_releases_are_served(tmp_path: Path, warnings: Warnings) -> None:
    deploy(tmp_path, OLD, NEW)
    assert_union(static_root(tmp_path).layers())
    assert warnings() == []


def test_a_release_that_came_and_went_unseen_is_served(tmp_path: Path, clock: SimpleNamespace) -> None:
    deploy(tmp_path, OLD)
    layers = static_root(tmp_path).layers()
    deploy(tmp_path, NEW, OLD)  # a newer one was made, and the old one is current again
    clock.now += 2
    assert age(layers, hashed("top.js", b"top")) == FOREVER


def test_neither_records_nor_listed_directories_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warnings: Warnings
) -> None:
    deploy(tmp_path, OLD, NEW)
    shutil.rmtree(records(tmp_path) / "releases")
    shutil.rmtree(tmp_path / "app")
    plant(tmp_path, {"app": "/nowhere"})
    scan, scanned = os.scandir, []
    monkeypatch.setattr(os, "scandir", lambda path: scanned.append(os.fspath(path)) or scan(path))
    layers = static_root(tmp_path).layers()
    for top in ("top.js", hashed("top.js", b"top")):
        (tmp_path / top).unlink()
    assert_union(layers)
    # gone.js is at the top, listed by no current name: it is looked at, and nothing below `app` is
    assert set(scanned) == {os.fspath(tmp_path)}
    assert warnings() == []


@pytest.mark.parametrize("damage", [None, b"", b"{}", b"[]"])
def test_without_a_history_all_is_served_and_nothing_says_when_it_was_made(
    tmp_path: Path, warnings: Warnings, damage: bytes | None
) -> None:
    deploy(tmp_path, OLD, NEW)
    path = records(tmp_path) / layout.HISTORY
    path.unlink() if damage is None else path.write_bytes(damage)
    layers = static_root(tmp_path).layers()
    for sources in (OLD, NEW):
        for name, data in sources.items():
            assert "Last-Modified" not in headers_of(find(layers, hashed(name, data)))
            assert age(layers, hashed(name, data)) == FOREVER
    assert bool(warnings()) == (damage is not None)


def test_an_unreadable_record_does_not_matter_beside_an_index(
    open_path: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    deploy(open_path, OLD, NEW)
    (records(open_path) / "releases").chmod(0)
    (open_path / "app").chmod(0)
    with unprivileged():
        assert_union(static_root(open_path).layers())
    (open_path / "app").chmod(0o755)


def test_what_no_release_lists_is_served_with_the_short_lifetime(tmp_path: Path) -> None:
    deploy(tmp_path, OLD, NEW)
    plant(
        tmp_path,
        {"jsi18n/de.js": b"1", "sass.css": b"2", "sass.css.gz": b"3", "app/stray.css": b"4", "t.a1b2c3.css": b"5"},
    )
    layers = static_root(tmp_path).layers()
    assert [age(layers, name) for name in ("jsi18n/de.js", "sass.css", "t.a1b2c3.css", "gone.js")] == [SHORT] * 4
    assert age(layers, "app/stray.css") is None
    assert age(layers, "sass.css.gz") is None
    assert age(layers, "top.js.gz") is None
    assert age(layers, hashed("top.js", b"top") + ".gz") is None


def test_own_files_are_never_served(tmp_path: Path) -> None:
    deployed = deploy(tmp_path, NEW)
    plant(tmp_path, {"staticfiles.json": b"{}", ".env": b"", "other/staticfiles.json": b"{}"})
    own = [
        "staticfiles.json",
        ".env",
        ".clearway/current",
        ".clearway/history.json",
        f".clearway/releases/{deployed[0].id}.json",
        f".clearway/catalogs/{deployed[0].id}",
    ]
    with_index = static_root(tmp_path, live=("CACHE/", ".clearway/")).layers()
    assert [find(with_index, name) for name in own] == [None] * len(own)
    assert find(with_index, "other/staticfiles.json") is not None
    (records(tmp_path) / layout.CURRENT).unlink()
    without = static_root(tmp_path).layers()
    assert find(without, "top.js") is not None
    assert [find(without, name) for name in own] == [None] * len(own)


def test_live_directories_are_listed_again(tmp_path: Path, clock: SimpleNamespace) -> None:
    deploy(tmp_path, NEW)
    plant(tmp_path, {"CACHE/css/a.css": b"a", "app/made/a.css": b"a", "app/stray.css": b"s", "own/made/a.css": b"a"})
    plant(tmp_path, {"own/other.css": b"o"})
    layers = static_root(tmp_path, live=("CACHE/", "app/made/", "own/made/")).layers()
    plant(tmp_path, {f"{folder}/b.css": b"b" for folder in ("CACHE/css", "app/made", "own/made", "late", "own")})
    clock.now += 1.1
    for folder in ("CACHE/css", "app/made", "own/made"):
        assert (age(layers, f"{folder}/a.css"), age(layers, f"{folder}/b.css")) == (SHORT, SHORT), folder
    assert age(layers, "own/other.css") == SHORT  # walked at start
    assert [age(layers, name) for name in ("app/stray.css", "late/b.css", "own/b.css")] == [None] * 3


def test_a_project_without_live_directories_has_none(tmp_path: Path, clock: SimpleNamespace) -> None:
    deploy(tmp_path, NEW)
    layers = static_root(tmp_path, live=()).layers()
    plant(tmp_path, {"CACHE/a.css": b"a"})
    clock.now += 1000
    assert find(layers, "CACHE/a.css") is None


# --- a pinned release


def test_a_pinned_release_decides_what_unhashed_names_mean(tmp_path: Path) -> None:
    old, new = deploy(tmp_path, OLD, NEW)
    for pin, data in ((old.id, b"old"), (new.id, b"new")):
        layers = static_root(tmp_path, pin).layers()
        alias, published = find(layers, "app/a.css"), find(layers, hashed("app/a.css", data))
        assert isinstance(alias, Resource)
        assert isinstance(published, Resource)
        assert alias.identity.tag == published.identity.tag
    assert age(static_root(tmp_path, old.id).layers(), hashed("top.js", b"top")) == FOREVER


def test_a_pinned_release_survives_the_loss_of_its_index_and_of_the_pointer(tmp_path: Path, warnings: Warnings) -> None:
    old, _ = deploy(tmp_path, OLD, NEW)
    (records(tmp_path) / layout.index(old.id)).unlink()
    (records(tmp_path) / layout.CURRENT).unlink()
    layers = static_root(tmp_path, old.id).layers()
    assert age(layers, "gone.js") == SHORT
    assert age(layers, hashed("top.js", b"top")) == FOREVER
    assert [message for message in warnings() if f"index of release {old.id} is gone" in message]


@pytest.mark.parametrize("pin", ["0123456789abcdef", "../../etc/passwd", "/etc/passwd", "x" * 300, "\0", "ü"])
def test_an_unknown_pin_is_an_error(tmp_path: Path, pin: str) -> None:
    deploy(tmp_path, NEW)
    with pytest.raises(UnknownReleaseError, match="CLEARWAY_RELEASE"):
        static_root(tmp_path, pin).layers()


# --- a damaged index


def damage_index(root: Path, kind: str) -> None:
    path = next((records(root) / "catalogs").glob((records(root) / layout.CURRENT).read_text().strip()))
    data = path.read_bytes()
    path.unlink()
    if kind == "flipped":
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif kind == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "directory":
        path.mkdir()
    elif kind == "loop":
        path.symlink_to(path.name)
    elif kind == "no folder":
        shutil.rmtree(path.parent)
        path.parent.write_bytes(b"")


@pytest.mark.parametrize("kind", ["gone", "flipped", "truncated", "empty", "directory", "loop", "no folder"])
def test_a_damaged_index_is_made_again_from_the_records(tmp_path: Path, warnings: Warnings, kind: str) -> None:
    deploy(tmp_path, OLD, NEW)
    damage_index(tmp_path, kind)
    assert_union(static_root(tmp_path).layers())
    assert len(warnings()) == 1
    assert "from the release records" in warnings()[0]


def test_an_unreadable_index_is_made_again_from_the_records(
    open_path: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    deploy(open_path, OLD, NEW)
    (records(open_path) / "catalogs").chmod(0)
    with unprivileged():
        assert_union(static_root(open_path).layers())


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"format":1,"releases":{"ID":{"created":"1900-01-01T00:00:00Z"}}}',
        b'{"format":1,"releases":{"\\u0000":{"created":"2024-01-01T00:00:00Z"}}}',
    ],
    ids=short,
)
def test_a_damaged_history_costs_the_times_and_the_older_releases(
    tmp_path: Path, warnings: Warnings, damage: bytes
) -> None:
    _, new = deploy(tmp_path, OLD, NEW)
    damage_index(tmp_path, "gone")
    plant(records(tmp_path), {layout.HISTORY: damage.replace(b"ID", new.id.encode())})
    layers = static_root(tmp_path).layers()
    assert age(layers, "top.js") == SHORT
    assert age(layers, hashed("top.js", b"top")) == FOREVER
    assert "Last-Modified" not in headers_of(find(layers, "top.js"))
    assert warnings()


def test_a_damaged_older_record_costs_that_release(tmp_path: Path, warnings: Warnings) -> None:
    old, _ = deploy(tmp_path, OLD, NEW)
    damage_index(tmp_path, "gone")
    plant(records(tmp_path), {layout.record(old.id): b"{"})
    layers = static_root(tmp_path).layers()
    assert age(layers, hashed("top.js", b"top")) == FOREVER
    assert age(layers, hashed("app/a.css", b"old")) is None
    assert [message for message in warnings() if old.id in message]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sha256", "no hex"),
        ("sha256", ""),
        ("size", -1),
        ("size", 1e999),
        ("size", 2**70),
        ("name", "../../x"),
        ("name", ""),
    ],
)
def test_a_damaged_current_record_does_not_keep_a_process_from_starting(
    tmp_path: Path, warnings: Warnings, field: str, value: object
) -> None:
    (made,) = deploy(tmp_path, NEW)
    damage_index(tmp_path, "gone")
    path = records(tmp_path) / layout.record(made.id)
    data = json.loads(path.read_bytes())
    data["assets"]["top.js"][field] = value
    path.write_text(json.dumps(data))
    layers = static_root(tmp_path).layers()
    found = find(layers, "top.js")
    if isinstance(found, Resource):
        assert found.identity.file.path.startswith(os.fspath(tmp_path))
    assert warnings()


@pytest.mark.parametrize(
    "pointer", [b"", b"\n", b"\0" * 17, b"\xff\xfe", b"x" * 5000, b"../../etc/passwd\n", b"0" * 16], ids=short
)
def test_a_damaged_pointer_leaves_the_directory_as_it_is(tmp_path: Path, warnings: Warnings, pointer: bytes) -> None:
    deploy(tmp_path, NEW)
    plant(records(tmp_path), {layout.CURRENT: pointer})
    layers = static_root(tmp_path).layers()
    assert age(layers, "top.js") == SHORT
    assert [message for message in warnings() if "as it is" in message]


# --- without a record


def test_djangos_manifest_says_what_is_immutable(tmp_path: Path, warnings: Warnings) -> None:
    paths = {
        "a.css": "a.0123456789ab.css",
        "d/b.js": "d/b.0123456789ab.js",
        "same.txt": "same.txt",
        "gone": "gone.0123",
    }
    plant(tmp_path, dict.fromkeys(("a.css", "a.0123456789ab.css", "d/b.js", "d/b.0123456789ab.js", "same.txt"), b""))
    plant(
        tmp_path,
        {"staticfiles.json": json.dumps({"paths": paths, "version": "1.1"}).encode(), "z.0123456789ab.css": b""},
    )
    layers = static_root(tmp_path).layers()
    assert {name: age(layers, name) for name in ("a.css", "d/b.js", "same.txt", "z.0123456789ab.css")} == {
        "a.css": SHORT,
        "d/b.js": SHORT,
        "same.txt": SHORT,
        "z.0123456789ab.css": SHORT,
    }
    assert [age(layers, name) for name in ("a.0123456789ab.css", "d/b.0123456789ab.js")] == [FOREVER] * 2
    assert find(layers, "gone.0123") is None
    assert len(warnings()) == 1
    assert "no release record" in warnings()[0]


DAMAGED = [
    b"", b"{", b"[]", b"5", b"null", b'{"paths":[]}', b'{"paths":null}', b'{"paths":{"a":["x"]}}',
    b'{"paths":{"a":{}}}', b'{"paths":{"a":null}}', b"\xff\xfe", b"\0\0", b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("data", DAMAGED, ids=short)
def test_a_damaged_manifest_is_no_obstacle(tmp_path: Path, data: bytes) -> None:
    plant(tmp_path, {"a.css": b"a", "staticfiles.json": data})
    assert age(static_root(tmp_path).layers(), "a.css") == SHORT


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"[]"])
def test_a_damaged_manifest_is_reported(tmp_path: Path, warnings: Warnings, data: bytes) -> None:
    plant(tmp_path, {"staticfiles.json": data})
    static_root(tmp_path).layers()
    assert [message for message in warnings() if "staticfiles.json" in message and "damaged" in message]


def test_a_plain_directory_is_walked_once(tmp_path: Path, warnings: Warnings, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"a.css": b"a", "d/b.css": b"b"})
    layers = static_root(tmp_path).layers()
    plant(tmp_path, {"late.css": b"late", "CACHE/c.css": b"c"})
    clock.now += 1000
    assert [age(layers, name) for name in ("a.css", "d/b.css", "late.css", "CACHE/c.css")] == [
        SHORT,
        SHORT,
        None,
        SHORT,
    ]
    assert len(warnings()) == 1


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_missing_static_root_is_only_a_warning(tmp_path: Path, warnings: Warnings, kind: str) -> None:
    root = tmp_path / "static"
    if kind == "file":
        root.write_bytes(b"")
    assert static_root(root).layers() == ()
    assert len(warnings()) == 1
    assert "run collectstatic" in warnings()[0]


def test_records_may_lie_elsewhere(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "static", tmp_path / "records"
    deploy(root, OLD, NEW)
    records(root).rename(elsewhere)
    made = static_root(root)
    assert age(made.layers(), hashed("top.js", b"top")) == SHORT
    moved = type(made)(made.root, made.url, made.rules, os.fspath(elsewhere))
    assert_union(moved.layers())


def test_the_same_warning_is_given_once_and_forges_no_lines(tmp_path: Path, warnings: Warnings) -> None:
    plant(tmp_path, {"a\nFAKE \x1b[31m.css": str(tmp_path.parent)})
    static_root(tmp_path).layers()
    static_root(tmp_path).layers()
    assert len(warnings()) == 2
    assert all(message.isprintable() for message in warnings())
