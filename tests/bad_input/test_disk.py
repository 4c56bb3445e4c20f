"""What the disk may do at the wrong moment: files that are gone, unreadable, or swapped for links just then."""

import errno
import os
import sys
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from tests.bad_input.site import CANARY, CSS
from tests.helpers.asgi import asgi as call_asgi
from tests.helpers.asgi import says as asgi_says
from tests.helpers.released import publish, write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import says
from tests.helpers.wsgi import wsgi as call_wsgi

from clearway import asgi, wsgi
from clearway.catalog import directory_files, reading
from clearway.serve import bodies

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX")

LARGE = b"0123456789" * 60_000
SIZES = {"small": CSS, "large": LARGE}
KINDS = ("release", "plain", "autorefresh")
Ask = Callable[..., Reply]


def asking(road: str, root: Path, **options: Any) -> Ask:
    """(target, method=, headers=) → what a new process answers for files below `/s/`."""
    if road == "wsgi":
        by_wsgi: Any = wsgi.Clearway(says(), root=root, prefix="s", **options)
        return lambda *request, **more: call_wsgi(by_wsgi, *request, **more)
    by_asgi = asgi.Clearway(asgi_says(), root=root, prefix="s", **options)
    return lambda *request, **more: call_asgi(by_asgi, *request, **more)


def make(root: Path, kind: str, data: bytes) -> tuple[Path, str]:
    """One file `d/file.css`: where it lies and its target."""
    name = "d/file.css"
    if kind == "release":
        name = publish(root, {name: data}, codings=()).assets[name].name
    else:
        write(root, {name: data})
    return root / name, f"/s/{name}"


@pytest.fixture(params=["wsgi", "asgi"])
def road(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- HEAD says what GET would say


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_head_of_a_file_that_is_gone_is_404(tmp_path: Path, road: str, kind: str, size: str) -> None:
    file, target = make(tmp_path, kind, SIZES[size])
    ask = asking(road, tmp_path, autorefresh=kind == "autorefresh")
    assert asking(road, tmp_path)(target, "HEAD")["Content-Length"] == str(len(SIZES[size]))
    assert ask("/s/never").status == 404  # the catalog is made at the first request
    file.unlink()
    head, get = ask(target, "HEAD"), ask(target)
    assert (head.status, head.fields, head.body) == (404, get.fields, b"")
    assert get.comparable == ask("/s/never").comparable


@pytest.mark.parametrize("kind", KINDS)
def test_head_of_a_file_that_was_edited_is_that_of_get(tmp_path: Path, road: str, kind: str) -> None:
    file, target = make(tmp_path, kind, LARGE)
    ask = asking(road, tmp_path, autorefresh=kind == "autorefresh")
    assert ask("/s/never").status == 404
    file.write_bytes(b"edited")
    head, get = ask(target, "HEAD"), ask(target)
    assert (get.status, get.body) == (200, b"edited")
    assert (head.status, sorted(head.fields)) == (200, sorted(get.fields))


def test_a_client_that_has_the_file_is_told_so_from_memory(tmp_path: Path, road: str) -> None:
    file, target = make(tmp_path, "release", CSS)
    ask = asking(road, tmp_path)
    tag = asking(road, tmp_path)(target)["ETag"]
    assert ask("/s/never").status == 404
    file.unlink()
    assert ask(target, headers={"If-None-Match": tag}).status == 304


def test_what_is_kept_in_memory_is_answered_alike_by_get_and_head(tmp_path: Path, road: str) -> None:
    file, target = make(tmp_path, "release", CSS)
    ask = asking(road, tmp_path)
    assert ask(target).body == CSS
    file.unlink()
    assert (ask(target).status, ask(target, "HEAD").status) == (200, 200)


# --- every 404 is the same


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_changes_faster_than_it_can_be_read_is_a_miss_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str, kind: str
) -> None:
    _, target = make(tmp_path, kind, CSS)
    ask = asking(road, tmp_path, autorefresh=kind == "autorefresh")

    def changed(*_: object) -> None:
        raise bodies.FileChangedError("again")

    monkeypatch.setattr(bodies, "open_file", changed)
    assert ask(target).comparable == ask("/s/never").comparable
    assert ask(target, "HEAD").comparable == ask("/s/never", "HEAD").comparable


def test_every_error_forbids_sniffing(tmp_path: Path, road: str) -> None:
    bare: Any = wsgi.Clearway() if road == "wsgi" else asgi.Clearway()
    reply = call_wsgi(bare, "/none") if road == "wsgi" else call_asgi(bare, "/none")
    assert (reply.status, reply["X-Content-Type-Options"], reply["Cache-Control"]) == (404, "nosniff", "no-store")


# --- EIO, and permissions


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_disk_that_fails_is_a_miss_and_no_500(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str, kind: str, size: str
) -> None:
    class Failing(FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        def readinto(self, buffer: Any, /) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    _, target = make(tmp_path, kind, SIZES[size])
    ask = asking(road, tmp_path, autorefresh=kind == "autorefresh")
    never = ask("/s/never")
    monkeypatch.setattr(reading, "FileIO", Failing)
    assert ask(target).comparable == never.comparable
    assert ask(target, "HEAD").status == 404


@pytest.mark.parametrize("kind", ["plain", "autorefresh"])
def test_a_variant_that_may_not_be_read_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str, kind: str
) -> None:
    _, target = make(tmp_path, kind, CSS)
    write(tmp_path, {"d/file.css.br": b"br", "d/file.css.gz": b"gz"})

    def refusing(path: str, *more: Any, **options: Any) -> FileIO:
        if path.endswith(".br"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return FileIO(path, *more, **options)

    monkeypatch.setattr(reading, "FileIO", refusing)
    reply = asking(road, tmp_path, autorefresh=kind == "autorefresh")(target, headers={"Accept-Encoding": "br, gzip"})
    assert (reply.status, reply["Content-Encoding"], reply.body) == (200, "gzip", b"gz")


# --- links that come and go


class Swap:
    """A directory that is a link to another one for as long as a file below it is opened."""

    def __init__(self, directory: Path, outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory, self.aside, self.outside = directory, directory.with_name("aside"), outside
        self.times = 0
        monkeypatch.setattr(reading, "FileIO", self)

    def __call__(self, path: str, *more: Any, **options: Any) -> FileIO:
        if not path.startswith(os.fspath(self.directory)):
            return FileIO(path, *more, **options)
        self.times += 1
        self.directory.rename(self.aside)
        self.directory.symlink_to(self.outside, target_is_directory=True)
        try:
            return FileIO(path, *more, **options)
        finally:
            self.directory.unlink()
            self.aside.rename(self.directory)


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
@pytest.mark.parametrize(("digested", "verified"), [(1 << 30, 1 << 30), (0, 0)], ids=["digested", "too large for that"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_directory_that_is_a_link_for_a_moment_gives_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str, kind: str, size: str, digested: int, verified: int
) -> None:
    monkeypatch.setattr(reading, "LARGEST_DIGESTED", digested)
    monkeypatch.setattr(bodies, "LARGEST_VERIFIED", verified)
    monkeypatch.setattr(directory_files, "FRESH_FOR", -1)
    if verified == 0 and size == "small":
        monkeypatch.setattr(bodies.Bodies.__init__, "__defaults__", (0, 0))  # as if it were large
    file, target = make(tmp_path / "root", kind, SIZES[size])
    outside = tmp_path / "outside"
    write(outside, {file.name: CANARY.ljust(len(SIZES[size]))})
    status = file.stat()
    os.utime(outside / file.name, ns=(status.st_atime_ns, status.st_mtime_ns))
    ask = asking(road, tmp_path / "root", autorefresh=kind == "autorefresh")
    assert ask("/s/never").status == 404
    swap = Swap(file.parent, outside, monkeypatch)
    for headers in ({}, {"Range": "bytes=0-99"}, {}):
        reply = ask(target, headers=headers)
        assert CANARY not in reply.body
        assert reply.status == 404
    assert swap.times > 0


def test_a_published_directory_that_became_a_link_out_is_no_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str
) -> None:
    """Also for files whose digest is not compared, because they are too large for that."""
    monkeypatch.setattr(bodies, "LARGEST_VERIFIED", 0)
    file, target = make(tmp_path / "root", "release", LARGE)
    write(tmp_path, {f"outside/{file.name}": CANARY.ljust(len(LARGE))})
    file.unlink()
    file.parent.rmdir()
    file.parent.symlink_to(tmp_path / "outside", target_is_directory=True)
    for method in ("GET", "HEAD"):
        assert asking(road, tmp_path / "root")(target, method).status == 404


# --- times


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_from_the_future_has_no_last_modified_yet(tmp_path: Path, road: str, kind: str) -> None:
    """RFC 9110 §8.8.2.1."""
    soon = int(time.time()) + 86_400
    if kind == "release":
        name = publish(tmp_path, {"a.css": CSS}, now=soon).assets["a.css"].name
    else:
        name = "a.css"
        write(tmp_path, {name: CSS})
        os.utime(tmp_path / name, (soon, soon))
    reply = asking(road, tmp_path, autorefresh=kind == "autorefresh")(f"/s/{name}")
    assert (reply.status, reply.body, reply["Last-Modified"]) == (200, CSS, None)
    assert reply["ETag"]
