"""Users' files in process, on every road on which a request can reach Clearway."""

import errno
import os
import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import override_settings
from tests.bad_input.cases import CLIMBS, SLASHES
from tests.helpers.released import write
from tests.helpers.replies import Reply
from tests.helpers.roads import ROADS, Road

from clearway.catalog import beneath
from clearway.catalogs import production_catalog
from clearway.fronts.road import Visit
from clearway.in_process import InProcess
from clearway.project import Project

PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 100
FILM = random.Random(8).randbytes(700_000)
FILES = {
    "photo.png": PNG,
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg/>",
    "paper.pdf": b"%PDF-",
    "archive.tar.gz": b"\x1f\x8b",
    "deep/er/film.mp4": FILM,
    "empty.txt": b"",
    "no-extension": b"x",
    "crossdomain.xml": b"<x/>",
    "photo.png.gz": b"\x1f\x8b",
    "text.css": b"a{}",
    "text.css.gz": b"\x1f\x8b",
    ".env": b"SECRET",
    "d/.git/config": b"SECRET",
    "d/x.txt": b"x",
}
OUTSIDE = b"SECRET outside"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """MEDIA_ROOT, with a neighbour whose name begins alike."""
    write(tmp_path / "media", FILES)
    write(tmp_path, {"media-evil/x.txt": OUTSIDE, "outside.txt": OUTSIDE, "static/site.css": b"s"})
    return tmp_path / "media"


def settings_for(media: Path, **more: Any) -> dict[str, Any]:
    own = {"MEDIA_ROOT": media, "MEDIA_URL": "/media/", "STATIC_ROOT": media.parent / "static"}
    return {**own, "CLEARWAY": {"media": {"serve": True}}, **more}


@pytest.fixture(params=ROADS)
def road(request: pytest.FixtureRequest, media: Path) -> Iterator[Road]:
    with override_settings(**settings_for(media)):
        yield ROADS[request.param]()


def fields_of(reply: Reply) -> dict[str, str]:
    return dict(reply.fields)


@pytest.mark.parametrize(
    ("name", "type_", "kind"),
    [
        ("photo.png", "image/png", "inline"),
        ("deep/er/film.mp4", "video/mp4", "inline"),
        ("page.html", "text/html; charset=utf-8", "attachment"),
        ("drawing.svg", "image/svg+xml", "attachment"),
        ("paper.pdf", "application/pdf", "attachment"),
        ("archive.tar.gz", "application/gzip", "attachment"),
        ("empty.txt", "text/plain; charset=utf-8", "attachment"),
        ("no-extension", "application/octet-stream", "attachment"),
        ("crossdomain.xml", "application/xml", "attachment"),
        ("photo.png.gz", "application/gzip", "attachment"),
        ("text.css", "text/css; charset=utf-8", "attachment"),
    ],
)
def test_a_file_is_answered_by_the_policy(road: Road, name: str, type_: str, kind: str) -> None:
    reply = road(f"/media/{quote(name)}", "GET", {"Accept-Encoding": "gzip, br"})
    fields = fields_of(reply)
    assert (reply.status, reply.body) == (200, FILES[name])
    assert (fields["content-type"], fields["content-disposition"].partition(";")[0]) == (type_, kind)
    assert fields["x-content-type-options"] == "nosniff"
    assert fields["cross-origin-resource-policy"] == "same-origin"
    assert "sandbox" in fields["content-security-policy"]
    assert fields["cache-control"] == "private, no-cache"
    assert fields["accept-ranges"] == "bytes"
    assert fields["content-length"] == str(len(FILES[name]))
    assert not {"content-encoding", "vary", "access-control-allow-origin"} & set(fields)


def test_head_ranges_and_conditions_are_answered(road: Road) -> None:
    target = "/media/deep/er/film.mp4"
    head = road(target, "HEAD")
    etag, modified = (fields_of(head)[name] for name in ("etag", "last-modified"))
    assert (head.status, head.body, fields_of(head)["content-length"]) == (200, b"", "700000")

    def ask(**fields: str) -> tuple[int, bytes, str | None]:
        reply = road(target, "GET", {name.replace("_", "-"): value for name, value in fields.items()})
        return reply.status, reply.body, fields_of(reply).get("content-range")

    assert ask(Range="bytes=0-1") == (206, FILM[:2], "bytes 0-1/700000")  # what Safari begins with
    assert ask(Range="bytes=0-") == (206, FILM, "bytes 0-699999/700000")
    assert ask(Range="bytes=300000-599999") == (206, FILM[300_000:600_000], "bytes 300000-599999/700000")
    assert ask(Range="bytes=-5") == (206, FILM[-5:], "bytes 699995-699999/700000")
    assert ask(Range="bytes=5-9", If_Range=etag) == (206, FILM[5:10], "bytes 5-9/700000")
    assert ask(Range="bytes=5-9", If_Range=modified)[0] == 206
    assert ask(Range="bytes=5-9", If_Range='"another"') == (200, FILM, None)
    assert ask(Range="bytes=700000-")[::2] == (416, "bytes */700000")
    assert ask(Range="bytes=0-0,1-1") == (200, FILM, None)
    assert ask(Range="bytes=" + ",".join(["0-0"] * 10_000)) == (200, FILM, None)
    assert ask(Range="bytes=" + "9" * 100_000 + "-")[0] == 416
    assert ask(If_None_Match=etag) == (304, b"", None)
    assert ask(If_Modified_Since=modified) == (304, b"", None)
    assert ask(If_Match='"another"')[0] == 412
    assert road(target, "OPTIONS").status == 204
    assert road(target, "DELETE").status == 405


MISSING = [
    "none.png",
    "",
    "deep",
    "deep/",
    "deep/er/",
    "photo.png/",
    "photo.png/x",
    "/photo.png",
    "./photo.png",
    "d/../photo.png",
    "photo.png%00",
    "photo.png%0a",
    "photo.png%20",
    "photo.png.",
    "photo.png::$DATA",
    "%ff%fe",
    ".env",
    "%2eenv",
    "d/.git/config",
    "link.txt",
    "linked/x.txt",
    "linked",
    "inside.png",
    "fifo.png",
    "socket.png",
    "device.png",
    "../outside.txt",
    "../media-evil/x.txt",
    "..%2foutside.txt",
    "-evil/x.txt",
    "NUL",
    "con.txt",
    "C:%5cx",
    "%5c%5chost%5cshare",
    "n" * 300,
    "a/" * 2000,
]


@pytest.fixture
def dangers(media: Path) -> Iterator[None]:
    if sys.platform != "linux":
        pytest.skip("only on Linux")
    (media / "link.txt").symlink_to(media.parent / "outside.txt")
    (media / "linked").symlink_to(media.parent / "media-evil")
    (media / "inside.png").symlink_to(media / "photo.png")
    os.mkfifo(media / "fifo.png")
    if os.geteuid() == 0:
        os.mknod(media / "device.png", 0o644 | 0o020000, os.makedev(1, 5))
    here = os.open(".", os.O_RDONLY)
    os.chdir(media)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("socket.png")
            yield
    finally:
        os.fchdir(here)
        os.close(here)


@pytest.mark.usefixtures("dangers")
def test_what_is_no_file_cannot_be_told_from_what_is_not_there(road: Road) -> None:
    nothing = road("/media/none.png")
    for name in MISSING:
        reply = road(f"/media/{name}")
        assert (reply.status, reply.body, name) == (404, nothing.body, name)
        assert {key for key, _ in reply.fields} == {key for key, _ in nothing.fields}


@pytest.mark.usefixtures("dangers")
def test_no_climb_leaves_the_directory(road: Road) -> None:
    for climb in CLIMBS:
        for slash in SLASHES:
            for depth in ("", "d/", "deep/er/"):
                steps = (climb + slash).decode("latin-1") * (depth.count("/") + 1)
                reply = road(f"/media/{depth}{quote(steps, safe='%/;')}outside.txt")
                assert (reply.status, b"SECRET" in reply.body) == (404, False)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.EMFILE, errno.ESTALE])
def test_an_error_of_the_disk_is_no_error_of_the_server(
    media: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise OSError(code, os.strerror(code))

    with override_settings(**settings_for(media)):
        asked = ROADS["WSGI"]()
        monkeypatch.setattr(beneath, "open_beneath", fail)
        monkeypatch.setattr("clearway.catalog.user_files.open_beneath", fail)
        assert asked("/media/photo.png").status == 404


def test_a_change_shows_at_once(road: Road, media: Path) -> None:
    assert road("/media/photo.png").body == PNG
    (media / "photo.png").write_bytes(b"other")
    (media / "new.png").write_bytes(b"new")
    (media / "page.html").unlink()
    assert [road(f"/media/{name}").body for name in ("photo.png", "new.png")] == [b"other", b"new"]
    assert road("/media/page.html").status == 404


def test_a_directory_that_becomes_a_link_while_a_file_is_opened_leads_nowhere(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.open not in os.supports_dir_fd:
        pytest.skip("only on systems with descriptors of directories")
    write(media.parent, {"evil/er/film.mp4": OUTSIDE * 50_000})
    os.truncate(media.parent / "evil/er/film.mp4", len(FILM))
    status = os.stat(media / "deep/er/film.mp4")
    os.utime(media.parent / "evil/er/film.mp4", ns=(status.st_atime_ns, status.st_mtime_ns))
    real, calls = os.open, []

    def turning(path: Any, flags: int, *args: Any, **options: Any) -> int:
        calls.append(path)
        if path == "deep" and calls.count("deep") == 2:  # the file was found; now it is opened to be sent
            (media / "deep").rename(media / "was")
            (media / "deep").symlink_to(media.parent / "evil")
        return real(path, flags, *args, **options)

    with override_settings(**settings_for(media)):
        asked = ROADS["WSGI"]()
        monkeypatch.setattr(os, "open", turning)
        reply = asked("/media/deep/er/film.mp4")
    monkeypatch.undo()
    assert (reply.status, b"SECRET" in reply.body) == (404, False)
    assert (media / "deep").is_symlink()


def test_without_the_switch_nothing_is_served(media: Path) -> None:
    with override_settings(**settings_for(media, CLEARWAY={})):
        assert production_catalog(Project.from_settings()).find("/media/photo.png") is None


@pytest.mark.parametrize(
    ("static", "url", "path"),
    [
        ("/static/", "/static/media/", "/static/media/photo.png"),
        ("/media/static/", "/media/", "/media/photo.png"),
        ("/", "/media/", "/media/photo.png"),
        ("/static/", "https://media.example/up/", "/up/photo.png"),
        ("/static/", "media/", "/media/photo.png"),
    ],
)
def test_below_or_above_the_static_files(media: Path, static: str, url: str, path: str) -> None:
    with override_settings(**settings_for(media, STATIC_URL=static, MEDIA_URL=url)):
        catalog = production_catalog(Project.from_settings())
    assert catalog.find(path) is not None
    assert catalog.find(path + "x") is None


def test_no_upload_takes_the_place_of_a_static_file(media: Path) -> None:
    write(media, {"static/site.css": b"upload"})
    with override_settings(**settings_for(media, STATIC_URL="/media/static/", MEDIA_URL="/media/")):
        reply = ROADS["WSGI"]()("/media/static/site.css")
    assert reply.body == b"s"


@pytest.mark.parametrize("script", ["", "/app"])
def test_below_a_script_name(media: Path, script: str) -> None:
    for name in ("WSGI", "ASGI", "middleware, WSGIHandler"):
        with override_settings(**settings_for(media)):
            assert ROADS[name]()("/media/photo.png", "GET", {}, script_name=script).status == 200


def test_the_policy_of_the_project_counts(media: Path) -> None:
    told = {"serve": True, "inline": ["application/pdf"], "max_age": 60, "resource_policy": "cross-origin"}
    with override_settings(**settings_for(media, CLEARWAY={"media": told, "mimetypes": {".png": "image/x+xml"}})):
        asked = ROADS["WSGI"]()
        paper, photo = (fields_of(asked(f"/media/{name}")) for name in ("paper.pdf", "photo.png"))
    assert paper["content-disposition"] == 'inline; filename="paper.pdf"'
    assert (paper["cache-control"], paper["cross-origin-resource-policy"]) == ("max-age=60, public", "cross-origin")
    assert (photo["content-type"], photo["content-disposition"]) == ("image/x+xml", 'attachment; filename="photo.png"')


def test_an_upload_is_not_kept_in_memory(media: Path) -> None:
    from clearway.serve.bodies import Bodies
    from clearway.serve.service import Request, Service

    with override_settings(**settings_for(media)):
        bodies = Bodies()
        service = Service(production_catalog(Project.from_settings()), bodies)
        assert service.serve(Request("GET", "/media/photo.png", {})) is not None
    assert bodies._kept == {}


def test_the_trace_knows_who_answers(media: Path) -> None:
    middleware = ["clearway.middleware.ClearwayMiddleware"]
    with override_settings(**settings_for(media, MIDDLEWARE=middleware)):
        visit = Visit("GET", "http", "shop.example", 80, "/media/page.html")
        outcome = InProcess(Project.from_settings()).road(visit, visit.target, is_file=True).outcome
    assert (outcome.by, outcome.status, outcome.file) == ("catalog", 200, str(media / "page.html"))
    assert outcome.headers["content-disposition"].startswith("attachment")
