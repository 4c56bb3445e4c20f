"""Files that somebody changes behind a running process: never a 500, never a lie, never octets from outside."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.asgi import asgi as call_asgi
from tests.helpers.asgi import says as asgi_says
from tests.helpers.released import publish, write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import says
from tests.helpers.wsgi import wsgi as call_wsgi

from clearway import asgi, wsgi
from clearway.catalog import directory_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, FIFOs and deleting open files")
SIZES = {"small": 2_000, "large": 600_000}
NAME = "d/file.css"


@dataclass
class Place:
    """One served file and its neighbours: `file` may be changed, what lies in `outside` must never be seen."""

    root: Path
    outside: Path
    file: Path
    target: str
    original: bytes

    @property
    def secret(self) -> bytes:
        return b"S" * len(self.original)

    def same_time(self, path: Path) -> Path:
        """Give another file the served one's modification time."""
        status = self.file.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        return path


def delete(place: Place) -> None:
    place.file.unlink()


def empty(place: Place) -> None:
    place.file.write_bytes(b"")


def truncate(place: Place) -> None:
    os.truncate(place.file, len(place.original) // 2)


def grow(place: Place) -> None:
    with place.file.open("ab") as file:
        file.write(b"+" * 400_000)


def replace(place: Place) -> None:
    """Another file with the same number of octets, as an editor writes it."""
    other = place.root.parent / "other"
    other.write_bytes(b"O" * len(place.original))
    os.utime(other, (1, 1))
    other.replace(place.file)


def overwrite(place: Place) -> None:
    """The same number of octets in place."""
    place.file.write_bytes(b"O" * len(place.original))
    os.utime(place.file, (2, 2))


def link_outside(place: Place) -> None:
    place.same_time(place.outside / "file.css")
    place.file.unlink()
    place.file.symlink_to(place.outside / "file.css")


def link_parent_outside(place: Place) -> None:
    """The directory above becomes a link to one where a file of that name, length and age lies."""
    place.same_time(place.outside / place.file.name)
    shutil.rmtree(place.file.parent)
    place.file.parent.symlink_to(place.outside, target_is_directory=True)


def directory(place: Place) -> None:
    place.file.unlink()
    place.file.mkdir()


def fifo(place: Place) -> None:
    place.file.unlink()
    os.mkfifo(place.file)


def broken_link(place: Place) -> None:
    place.file.unlink()
    place.file.symlink_to(place.root / "nowhere")


def looping_link(place: Place) -> None:
    place.file.unlink()
    place.file.symlink_to(place.file)


CHANGES: list[Callable[[Place], None]] = [
    delete,
    empty,
    truncate,
    grow,
    replace,
    overwrite,
    link_outside,
    link_parent_outside,
    directory,
    fifo,
    broken_link,
    looping_link,
]


def make(tmp_path: Path, kind: str, size: int) -> Place:
    root, outside, data = tmp_path / "root", tmp_path / "outside", bytes(range(65, 90)) * (size // 25)
    if kind == "release":
        name = publish(root, {NAME: data}, codings=()).assets[NAME].name
    else:
        name = NAME
        write(root, {name: data})
    place = Place(root, outside, root / name, f"/s/{name}", data)
    write(outside, {"file.css": place.secret, Path(name).name: place.secret})
    return place


def ask(road: str, place: Place, **options: Any) -> Callable[..., Reply]:
    if road == "wsgi":
        site: Any = wsgi.Clearway(says(), root=place.root, prefix="s", **options)
        return lambda **more: call_wsgi(site, place.target, **more)
    site = asgi.Clearway(asgi_says(), root=place.root, prefix="s", **options)
    return lambda **more: call_asgi(site, place.target, **more)


@pytest.mark.parametrize("warm", [True, False], ids=["served-before", "not-served-before"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["plain", "plain, just checked", "autorefresh", "release"])
@pytest.mark.parametrize("road", ["wsgi", "asgi"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_changed_behind_us(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Place], None],
    road: str,
    kind: str,
    size: str,
    warm: bool,
) -> None:
    monkeypatch.setattr(directory_files, "FRESH_FOR", 60 if "just checked" in kind else -1)
    place = make(tmp_path, kind, SIZES[size])
    get = ask(road, place, autorefresh=kind == "autorefresh")
    tag = ask(road, place)(method="HEAD")["ETag"]
    if warm:
        assert get().body == place.original
    change(place)
    for headers in ({}, {"Range": "bytes=100-199"}, {"If-None-Match": tag}, {}):  # lengths are checked by the caller
        reply = get(headers=headers)
        assert reply.status in (200, 206, 304, 404, 416), reply
        assert b"SSS" not in reply.body, "octets from outside of the root"
        promised = {200: place.original, 206: place.original[100:200]}.get(reply.status, reply.body)
        assert reply.body == promised or reply["ETag"] != tag, "the ETag is that of other octets"


@pytest.mark.parametrize("kind", ["plain", "autorefresh", "release"])
@pytest.mark.parametrize("road", ["wsgi", "asgi"])
@pytest.mark.parametrize("change", [delete, directory, fifo, broken_link, link_outside])
def test_a_vanished_file_is_a_miss_like_any_other(
    tmp_path: Path, change: Callable[[Place], None], road: str, kind: str
) -> None:
    place = make(tmp_path, kind, SIZES["large"])
    get = ask(road, place, autorefresh=kind == "autorefresh")
    assert get().status == 200
    change(place)
    vanished = get()
    never_there = ask(road, Place(place.root, place.outside, place.file, "/s/never", b""))()
    assert vanished.comparable == never_there.comparable


@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_a_file_that_vanished_from_the_site_root_is_left_to_the_application(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"robots.txt": b"x" * 300_000})
    site: Any = wsgi.Clearway(says(b"app")) if road == "wsgi" else asgi.Clearway(asgi_says(b"app"))
    site.add_files(tmp_path)
    call = call_wsgi if road == "wsgi" else call_asgi
    assert call(site, "/robots.txt").status == 200
    (tmp_path / "robots.txt").unlink()
    assert call(site, "/robots.txt").body == b"app"


@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_a_published_file_that_was_edited_is_served_as_it_is_and_not_for_long(tmp_path: Path, road: str) -> None:
    place = make(tmp_path, "release", SIZES["small"])
    get = ask(road, place)
    published = ask(road, place)(method="HEAD")
    place.file.write_bytes(b"edited")
    edited = get()
    assert (edited.status, edited.body, edited["Cache-Control"]) == (200, b"edited", "max-age=60, public")
    assert edited["ETag"] != published["ETag"]
    assert get(headers={"If-None-Match": edited["ETag"]}).status in (200, 304)


@pytest.mark.parametrize("largest_verified", [100_000, 10_000_000])
@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_a_release_whose_root_is_a_link_is_served_as_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str, largest_verified: int
) -> None:
    """A deploy that switches a link to STATIC_ROOT is no change of its files."""
    monkeypatch.setattr("clearway.serve.bodies.LARGEST_VERIFIED", largest_verified, raising=False)
    place = make(tmp_path, "release", SIZES["large"])
    (tmp_path / "link").symlink_to(place.root, target_is_directory=True)
    place.root = tmp_path / "link"
    reply = ask(road, place)()
    assert (reply.status, reply.body) == (200, place.original)
    assert reply["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("damage", ["delete", "truncate", "overwrite", "directory"])
@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_a_damaged_variant_is_passed_over_for_the_original(tmp_path: Path, road: str, damage: str) -> None:
    data = b"body { color: teal }\n" * 100
    root = tmp_path / "root"
    name = publish(root, {NAME: data}).assets[NAME].name
    for suffix in (".br", ".zst", ".gz"):
        variant = root / (name + suffix)
        size = variant.stat().st_size
        variant.unlink()
        if damage == "directory":
            variant.mkdir()
        elif damage != "delete":
            variant.write_bytes(b"?" * (size if damage == "overwrite" else 3))
    get = ask(road, Place(root, root, root / name, f"/s/{name}", data))
    for _ in range(2):
        reply = get(headers={"Accept-Encoding": "br, gzip, zstd"})
        assert (reply.status, reply.body, reply["Content-Encoding"]) == (200, data, None)
    assert get().body == data


@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_a_stale_neighbour_in_a_plain_directory_is_not_sent(tmp_path: Path, road: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(directory_files, "FRESH_FOR", -1)
    place = make(tmp_path, "plain", SIZES["small"])
    write(place.root, {f"{NAME}.gz": b"gz"})
    get = ask(road, place)
    assert get(headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"
    os.utime(place.root / f"{NAME}.gz", (1, 1))
    assert get(headers={"Accept-Encoding": "gzip"})["Content-Encoding"] is None
    (place.root / f"{NAME}.gz").unlink()
    assert get(headers={"Accept-Encoding": "gzip"}).body == place.original


@pytest.mark.parametrize("kind", ["plain", "autorefresh", "release"])
@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_a_file_that_may_not_be_read_is_a_miss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str, kind: str
) -> None:
    place = make(tmp_path, kind, SIZES["small"])

    def refusing(path: str, *args: Any, **kwargs: Any) -> Any:
        raise PermissionError(13, "Permission denied", path)  # what everybody but root is told

    monkeypatch.setattr("clearway.catalog.reading.FileIO", refusing)
    assert ask(road, place, autorefresh=kind == "autorefresh")().status == 404
