"""The roads of a file in a directory: which one is taken, and how a path is spelled for whoever sends the file."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from tests.helpers import asgi, wsgi
from tests.media.private.conftest import FILES, FILM
from tests.media.private.site import ALLOWED, Ask, may, of_asgi, of_pathsend, of_wsgi, site

from clearway import asgi as clearway_asgi
from clearway.media.private import PrivateStorage, private_files

ODD = [
    "photo.png",
    "deep/er/film.mp4",
    "Résumé 100%; a?b#c 'd' \"e\".txt",
    "two%2flevels.txt",
    "日本.png",
    "a&b=c+d.txt",
    "%2e%2e%2fx.txt",
    "tab\tand\x7f.txt",
    "$uri.txt",
]


@pytest.fixture
def odd(home: Path) -> Iterator[Path]:
    for name in ODD:
        (home / "private" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "private" / name).write_bytes(b"odd")
    yield home


PLAIN = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~/%")


@pytest.mark.parametrize("make", [of_wsgi, of_asgi])
def test_nginx_is_told_the_path_in_one_spelling(odd: Path, make: Any) -> None:
    with site(odd, {"road": "x-accel", "internal": "/inside/of/"}):
        ALLOWED.update(ODD)
        ask = make("/private/")
        for name in ODD:
            reply = ask(quote(name, safe="/"))
            value = reply["x-accel-redirect"] or ""
            assert (reply.status, reply.body) == (200, b"")
            assert set(value) <= PLAIN
            assert unquote_to_bytes(value) == f"/inside/of/{name}".encode()
            assert reply["cache-control"] == "private, no-store"
            assert (reply["content-disposition"] or "").startswith(("inline", "attachment"))
            assert reply["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("make", [of_wsgi, of_asgi])
def test_apache_is_told_the_octets_of_the_path(odd: Path, make: Any) -> None:
    with site(odd, {"road": "x-sendfile"}):
        ALLOWED.update(ODD)
        ask = make("/private/")
        for name in ODD:
            reply = ask(quote(name, safe="/"))
            if name.isprintable():
                assert (reply["x-sendfile"] or "").encode("latin-1") == f"{odd}/private/{name}".encode()
                assert (reply.status, reply.body, reply["cache-control"]) == (200, b"", "private, no-store")
            else:  # what no header field can hold
                assert (reply.status, reply["x-sendfile"]) == (404, None)


@pytest.mark.parametrize("road", ["x-accel", "x-sendfile"])
def test_a_front_answers_ranges_and_conditions_itself(home: Path, road: str) -> None:
    with site(home, {"road": road}):
        ALLOWED.update(FILES)
        ask = of_wsgi("/private/")
        whole = ask("deep/er/film.mp4")
        for fields in ({"Range": "bytes=0-1"}, {"If-None-Match": "*"}, {"If-Match": '"x"'}):
            assert ask("deep/er/film.mp4", "GET", fields).comparable == whole.comparable
        assert ask("deep/er/film.mp4", "HEAD")[f"x-{'accel-redirect' if road == 'x-accel' else 'sendfile'}"]


@pytest.mark.parametrize("road", ["x-accel", "x-sendfile"])
def test_a_denial_hands_nothing_over(home: Path, road: str) -> None:
    with site(home, {"road": road}):
        for name in ("photo.png", "none.png", "..%2foutside.txt", "deep%5cer"):
            fields = dict(of_wsgi("/private/")(name).fields)
            assert not {"x-accel-redirect", "x-sendfile"} & set(fields)


def test_a_storage_below_the_root_is_named_by_its_place(home: Path) -> None:
    storages_ = {"private": {"BACKEND": "clearway.media.private.PrivateStorage"}}
    storages_["private"]["OPTIONS"] = {"location": home / "private" / "deep"}  # type: ignore[assignment]
    with site(home, {"road": "x-accel"}, STORAGES=storages_):
        ALLOWED.add("er/film.mp4")
        assert of_wsgi("/private/")("er/film.mp4")["x-accel-redirect"] == "/private-files/deep/er/film.mp4"
    with site(home, {"road": "x-accel", "root": home / "other"}, STORAGES=storages_):
        ALLOWED.add("er/film.mp4")
        with pytest.raises(ImproperlyConfigured, match="not below"):
            private_files(may)(RequestFactory().get("/"), "er/film.mp4")


@pytest.mark.parametrize(
    ("road", "make", "paths"),
    [("auto", of_pathsend, 1), ("pathsend", of_pathsend, 1), ("stream", of_pathsend, 0), ("auto", of_asgi, 0)],
)
def test_the_server_is_handed_a_whole_file_where_it_sends_files(home: Path, road: str, make: Any, paths: int) -> None:
    given = asgi.scope("/private/deep/er/film.mp4", pathsend=make is of_pathsend)
    with site(home, {"road": road}):
        ALLOWED.update(FILES)
        app: Any = clearway_asgi.Clearway(ASGIHandler()) if make is of_pathsend else ASGIHandler()
        talk = asyncio.run(asgi.exchange(app, given, exact_case=False))
    assert len(talk.paths) == paths
    assert talk.reply().body == FILM


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"Range": "bytes=5-9"}, 206), ({"If-None-Match": "*"}, 304), ({"Range": "bytes=700000-"}, 416)],
)
def test_what_is_not_a_whole_file_is_sent_in_blocks(home: Path, fields: dict[str, str], status: int) -> None:
    given = asgi.scope("/private/deep/er/film.mp4", "GET", fields, pathsend=True)
    with site(home):
        ALLOWED.update(FILES)
        talk = asyncio.run(asgi.exchange(clearway_asgi.Clearway(ASGIHandler()), given, exact_case=False))
    assert (talk.paths, talk.reply().status) == ([], status)


@pytest.mark.parametrize(("module", "given"), [("gunicorn.http.wsgi", True), ("another", False)])
def test_the_file_wrapper_of_gunicorn_sends_a_part_from_its_place(home: Path, module: str, given: bool) -> None:
    wrapped: list[tuple[int, int]] = []

    class Wrapper:
        def __init__(self, file: Any, size: int) -> None:
            self.file = file
            wrapped.append((file.fileno() > 2, file.tell()))

        def __iter__(self) -> Iterator[bytes]:
            return iter(self.file.read, b"")

        def close(self) -> None:
            self.file.close()

    Wrapper.__module__ = module
    with site(home):
        ALLOWED.update(FILES)
        environ = {"wsgi.file_wrapper": Wrapper}
        part = wsgi.wsgi(WSGIHandler(), "/private/deep/er/film.mp4", "GET", {"Range": "bytes=300000-300009"}, **environ)
        assert (part.status, part.body) == (206, FILM[300_000:300_010])
        assert wrapped == ([(True, 300_000)] if given else [])
        whole = wsgi.wsgi(WSGIHandler(), "/private/deep/er/film.mp4", "GET", {}, **environ)
        assert (whole.status, whole.body, wrapped[-1]) == (200, FILM, (True, 0))


def test_a_scope_of_the_client_hands_nothing_over(home: Path) -> None:
    fields = {"clearway.pathsend": "1", "X-Clearway-Pathsend": "/etc/passwd", "Pathsend": "/etc/passwd"}
    given = asgi.scope("/private/none.png", "GET", fields, pathsend=True)
    with site(home):
        talk = asyncio.run(asgi.exchange(clearway_asgi.Clearway(ASGIHandler()), given, exact_case=False))
    assert (talk.paths, talk.reply().status) == ([], 404)


@pytest.mark.parametrize(
    ("root", "other"),
    [("media", "MEDIA_ROOT"), ("media/private", "MEDIA_ROOT"), ("static/x", "STATIC_ROOT"), ("", "MEDIA_ROOT")],
)
def test_a_root_that_something_public_serves_is_refused(home: Path, root: str, other: str) -> None:
    with site(home, {"root": home / root}), pytest.raises(ImproperlyConfigured, match=other):
        PrivateStorage()


def test_a_root_behind_a_link_into_a_public_one_is_refused(home: Path) -> None:
    (home / "media" / "inner").mkdir()
    (home / "alias").symlink_to(home / "media" / "inner")
    with site(home, {"root": home / "alias"}), pytest.raises(ImproperlyConfigured, match="MEDIA_ROOT"):
        PrivateStorage()


def test_a_neighbour_whose_name_begins_alike_is_no_public_directory(home: Path) -> None:
    with site(home, {"root": home / "media-private"}):
        assert PrivateStorage().location == str(home / "media-private")


def test_without_a_root_it_is_said_what_to_set(home: Path) -> None:
    with site(home, CLEARWAY={}), pytest.raises(ImproperlyConfigured, match="root"):
        PrivateStorage()


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({"root": "relative"}, "absolute"),
        ({"roads": "x"}, "did you mean 'road'"),
        ({"road": "x_accel"}, "one of"),
        ({"internal": "private"}, "between slashes"),
        ({"internal": "/a b/"}, "between slashes"),
        ({"internal": "/../"}, "between slashes"),
        ({"internal": "/a//b/"}, "between slashes"),
        ({"internal": "/a;}/"}, "between slashes"),
        ({"max_age": -1}, "seconds"),
        ("private", "a dict"),
    ],
)
def test_a_wrong_setting_says_what_is_right(told: Any, complaint: str) -> None:
    from clearway.media.setting import read_media

    with pytest.raises(ImproperlyConfigured, match=complaint):
        read_media({"private": told}, "CLEARWAY['media']")


def test_the_url_of_a_file_is_that_of_the_view(home: Path) -> None:
    with site(home):
        ALLOWED.update(FILES)
        ask: Ask = of_wsgi("/private/")
        for name in ("photo.png", "deep/er/film.mp4", "Résumé 100%; a?b#c 'd' \"e\".txt", "two%2flevels.txt"):
            url = storages["private"].url(name)
            assert url.isascii()
            assert ask(url.removeprefix("/private/")).body == FILES[name]
