"""`add_files` and WhiteNoise's arguments: which directory answers, and with which header fields."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.asgi import asgi as call_asgi
from tests.helpers.asgi import says as asgi_says
from tests.helpers.released import age, publish, write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import says
from tests.helpers.wsgi import wsgi as call_wsgi

from clearway import asgi, wsgi
from clearway.http.header_rules import FOREVER
from clearway.serve.added_files import as_prefix

PAGE = b"the application"


@pytest.fixture(params=["wsgi", "asgi"])
def road(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Site:
    """Either wrapper, called in the same words."""

    def __init__(self, road: str, *args: Any, **options: Any) -> None:
        self._wsgi = road == "wsgi"
        self._site: Any = (
            wsgi.Clearway(says(PAGE), *args, **options)
            if self._wsgi
            else asgi.Clearway(asgi_says(PAGE), *args, **options)
        )
        self.add_files = self._site.add_files

    def get(self, target: str, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return (call_wsgi if self._wsgi else call_asgi)(self._site, target, headers=named)


def test_what_is_added_later_wins(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"a/x.txt": b"a", "a/only-a.txt": b"a", "b/x.txt": b"b"})
    site = Site(road, tmp_path / "a", "static")
    site.add_files(tmp_path / "b", "/static/")
    assert [site.get(f"/static/{name}").body for name in ("x.txt", "only-a.txt")] == [b"b", b"a"]


def test_each_prefix_owns_its_misses(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"a/x.txt": b"a", "b/y.txt": b"b"})
    site = Site(road)
    site.add_files(tmp_path / "a", "one")
    site.add_files(str(tmp_path / "b"), prefix="two/deep")
    assert site.get("/one/x.txt").body == b"a"
    assert site.get("/two/deep/y.txt").body == b"b"
    assert [site.get(path).status for path in ("/one/y.txt", "/two/deep/x.txt")] == [404, 404]
    assert [site.get(path).body for path in ("/two/x.txt", "/onex.txt", "/ONE/x.txt")] == [PAGE] * 3


@pytest.mark.parametrize("prefix", [None, "", "/"])
def test_files_at_the_site_root_leave_misses_to_the_application(tmp_path: Path, road: str, prefix: str | None) -> None:
    files = {"favicon.ico": b"icon", "robots.txt": b"User-agent: *", ".well-known/security.txt": b"Contact: x"}
    write(tmp_path, files | {".env": b"SECRET", "d/.well-known/x": b"hidden", ".well-known/.hidden": b"hidden"})
    site = Site(road, tmp_path, prefix)
    for name, data in files.items():
        assert site.get(f"/{name}").body == data
    assert site.get("/.well-known/security.txt")["Content-Type"] == "text/plain; charset=utf-8"
    for other in ("/", "/page", "/.env", "/d/.well-known/x", "/.well-known/.hidden", "/.well-known/"):
        assert site.get(other).body == PAGE, other


def test_well_known_is_hidden_below_a_prefix(tmp_path: Path, road: str) -> None:
    write(tmp_path, {".well-known/security.txt": b"x"})
    assert Site(road, tmp_path, "static").get("/static/.well-known/security.txt").status == 404


def test_the_root_answers_only_what_no_later_prefix_owns(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"www/static/x.txt": b"root", "www/static/y.txt": b"root", "s/x.txt": b"static"})
    site = Site(road, tmp_path / "s", "static")
    site.add_files(tmp_path / "www")
    assert [site.get(f"/static/{name}").body for name in ("x.txt", "y.txt")] == [b"root", b"root"]
    assert site.get("/static/none").status == 404


@pytest.mark.parametrize(
    ("given", "prefix"),
    [
        (None, "/"),
        ("", "/"),
        ("/", "/"),
        ("s", "/s/"),
        ("/s", "/s/"),
        ("s/", "/s/"),
        ("/s/t/", "/s/t/"),
        ("//s//", "/s/"),
    ],
)
def test_a_prefix_gets_one_slash_at_each_end(given: str | None, prefix: str) -> None:
    assert as_prefix(given) == prefix


def test_a_missing_directory_is_reported_and_everything_below_is_a_miss(
    tmp_path: Path, road: str, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site(road, tmp_path / "nowhere", "static")
    assert site.get("/static/x").status == 404
    assert f"{tmp_path}/nowhere is not a directory" in caplog.text


# --- WhiteNoise's arguments


@pytest.mark.parametrize(
    ("max_age", "field"),
    [(60, "max-age=60, public"), (0, "max-age=0, public"), (86400, "max-age=86400, public"), (None, None)],
)
def test_max_age(tmp_path: Path, road: str, max_age: int | None, field: str | None) -> None:
    write(tmp_path, {"x.txt": b"x"})
    assert Site(road, tmp_path, "s", max_age=max_age).get("/s/x.txt")["Cache-Control"] == field


def test_max_age_is_60_seconds_unless_said_otherwise(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"x.txt": b"x"})
    assert Site(road, tmp_path, "s").get("/s/x.txt")["Cache-Control"] == "max-age=60, public"


def test_autorefresh_sees_every_change(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"x.txt": b"one"})
    site = Site(road, tmp_path, "s", autorefresh=True)
    first = site.get("/s/x.txt")
    write(tmp_path, {"x.txt": b"two", "new.txt": b"new"})
    second = site.get("/s/x.txt")
    assert (first.body, second.body, site.get("/s/new.txt").body) == (b"one", b"two", b"new")
    assert first["ETag"] != second["ETag"]
    (tmp_path / "x.txt").unlink()
    assert site.get("/s/x.txt").status == 404


def test_without_autorefresh_a_new_file_is_not_seen_but_an_edit_is(
    tmp_path: Path, road: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clearway.catalog.directory_files.FRESH_FOR", -1)
    write(tmp_path, {"x.txt": b"one"})
    site = Site(road, tmp_path, "s")
    assert site.get("/s/x.txt").body == b"one"
    write(tmp_path, {"x.txt": b"two", "new.txt": b"new"})
    age(tmp_path / "x.txt", 5)
    assert (site.get("/s/x.txt").body, site.get("/s/new.txt").status) == (b"two", 404)


def test_autorefresh_looks_at_the_files_also_where_a_release_is(tmp_path: Path, road: str) -> None:
    publish(tmp_path, {"site.css": b"released"})
    write(tmp_path, {"site.css": b"edited"})
    assert Site(road, tmp_path, "s").get("/s/site.css").body == b"released"
    assert Site(road, tmp_path, "s", autorefresh=True).get("/s/site.css").body == b"edited"


@pytest.mark.parametrize("autorefresh", [False, True])
def test_index_file(tmp_path: Path, road: str, autorefresh: bool) -> None:
    write(tmp_path, {"index.html": b"home", "a b/index.html": b"deep", "plain/x.txt": b"x"})
    site = Site(road, tmp_path, "docs", index_file=True, autorefresh=autorefresh)
    assert site.get("/docs/").body == b"home"
    assert site.get("/docs/a%20b/").body == b"deep"
    assert site.get("/docs/")["Content-Type"] == "text/html; charset=utf-8"
    redirects = {
        "/docs/index.html": "./",
        "/docs/a%20b": "./a%20b/",
        "/docs/a%20b/index.html": "./",
        "/docs/a%20b?q=1": "./a%20b/?q=1",
    }
    for target, location in redirects.items():
        reply = site.get(target)
        assert (reply.status, reply["Location"], reply["Content-Length"]) == (302, location, "0"), target
    assert [site.get(path).status for path in ("/docs/plain", "/docs/plain/", "/docs/x/")] == [404] * 3


@pytest.mark.parametrize("autorefresh", [False, True])
def test_index_file_by_another_name(tmp_path: Path, road: str, autorefresh: bool) -> None:
    write(tmp_path, {"home.htm": b"home", "d/index.html": b"deep"})
    site = Site(road, tmp_path, "s", index_file="home.htm", autorefresh=autorefresh)
    assert (site.get("/s/").body, site.get("/s/d/").status, site.get("/s/d/index.html").body) == (b"home", 404, b"deep")


@pytest.mark.parametrize("index_file", [None, False])
def test_without_index_file_an_index_is_a_file_like_any_other(tmp_path: Path, road: str, index_file: Any) -> None:
    write(tmp_path, {"index.html": b"home"})
    site = Site(road, tmp_path, "s", index_file=index_file)
    assert (site.get("/s/").status, site.get("/s/index.html").body) == (404, b"home")


def test_the_index_of_the_site_root_answers_the_root(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"index.html": b"home"})
    site = Site(road, tmp_path, index_file=True)
    assert (site.get("/").body, site.get("/index.html")["Location"], site.get("/page").body) == (b"home", "./", PAGE)


def test_mimetypes_by_extension_and_by_name(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"a.foo": b"", "B.FOO": b"", "special.json": b"", "x.js": b"", "y.json": b""})
    site = Site(
        road, tmp_path, "s", mimetypes={".FOO": "application/x-foo", "special.json": "text/special", ".js": "a/b"}
    )
    types = {
        name: site.get(f"/s/{name}")["Content-Type"] for name in ("a.foo", "B.FOO", "special.json", "x.js", "y.json")
    }
    assert types == {
        "a.foo": "application/x-foo",
        "B.FOO": "application/x-foo",
        "special.json": "text/special; charset=utf-8",
        "x.js": "a/b",
        "y.json": "application/json",
    }


def test_charset_of_text_types(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"x.css": b"", "x.png": b""})
    site = Site(road, tmp_path, "s", charset="iso-8859-1")
    assert site.get("/s/x.css")["Content-Type"] == "text/css; charset=iso-8859-1"
    assert site.get("/s/x.png")["Content-Type"] == "image/png"


def test_add_headers_function_is_called_once_with_headers_path_and_url(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"d/x.css": b"x"})
    calls: list[tuple[str, str]] = []

    def add(headers: Any, path: str, url: str) -> None:
        calls.append((path, url))
        headers["X-Own"] = "yes"
        headers["Cache-Control"] = "no-cache"
        del headers["Access-Control-Allow-Origin"]

    site = Site(road, tmp_path, "s", add_headers_function=add)
    first, second = site.get("/s/d/x.css"), site.get("/s/d/x.css")
    assert (first["X-Own"], first["Cache-Control"], first["Access-Control-Allow-Origin"]) == ("yes", "no-cache", None)
    assert second == first
    assert calls == [(os.path.realpath(tmp_path / "d" / "x.css"), "/s/d/x.css")]
    unmodified = site.get("/s/d/x.css", If_None_Match=first["ETag"] or "")
    assert (unmodified.status, unmodified["X-Own"]) == (304, "yes")


def test_add_headers_function_cannot_break_the_representation(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"x.css": b"x"})

    def add(headers: Any, path: str, url: str) -> None:
        headers["Content-Length"] = "999"
        headers["Content-Encoding"] = "gzip"
        headers["ETag"] = "mine"

    reply = Site(road, tmp_path, "s", add_headers_function=add).get("/s/x.css")
    assert (reply["Content-Length"], reply["Content-Encoding"]) == ("1", None)
    assert reply["ETag"] != "mine"  # no entity tag


def test_add_headers_function_may_bring_its_own_validators(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"x.css": b"x"})
    date = "Wed, 21 Oct 2015 07:28:00 GMT"

    def add(headers: Any, path: str, url: str) -> None:
        headers["ETag"] = '"mine"'
        headers["Last-Modified"] = date

    site = Site(road, tmp_path, "s", add_headers_function=add)
    reply = site.get("/s/x.css")
    assert (reply["ETag"], reply["Last-Modified"]) == ('"mine"', date)
    assert site.get("/s/x.css", If_None_Match='"mine"').status == 304
    assert site.get("/s/x.css", If_Modified_Since=date).status == 304
    assert site.get("/s/x.css", If_Modified_Since="Tue, 20 Oct 2015 07:28:00 GMT").status == 200


def test_immutable_file_test_as_a_callable(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"x.1234.css": b"x", "x.css": b"x"})
    calls: list[tuple[str, str]] = []

    def immutable(path: str, url: str) -> bool:
        calls.append((path, url))
        return ".1234." in url

    site = Site(road, tmp_path, "s", immutable_file_test=immutable)
    assert site.get("/s/x.1234.css")["Cache-Control"] == FOREVER
    assert site.get("/s/x.css")["Cache-Control"] == "max-age=60, public"
    assert calls[0] == (os.path.realpath(tmp_path / "x.1234.css"), "/s/x.1234.css")


@pytest.mark.parametrize("pattern", [r"^.+\.[0-9a-f]{8,}\..+$", r"/s/x\.[0-9a-f]+\."])
def test_immutable_file_test_as_a_regular_expression_of_the_url(tmp_path: Path, road: str, pattern: str) -> None:
    write(tmp_path, {"x.deadbeef.css": b"x", "x.css": b"x"})
    site = Site(road, tmp_path, "s", immutable_file_test=pattern)
    assert site.get("/s/x.deadbeef.css")["Cache-Control"] == FOREVER
    assert site.get("/s/x.css")["Cache-Control"] == "max-age=60, public"


def test_a_wrong_regular_expression_is_said_at_once(tmp_path: Path, road: str) -> None:
    with pytest.raises(re.error):
        Site(road, tmp_path, "s", immutable_file_test="(")


def test_without_allow_all_origins_no_answer_has_the_cors_field(tmp_path: Path, road: str) -> None:
    write(tmp_path, {"x.css": b"x"})
    site = Site(road, tmp_path, "s", allow_all_origins=False)
    for target, headers in (("/s/x.css", {}), ("/s/x.css", {"Range": "bytes=9-"}), ("/s/none", {})):
        reply = site.get(target, **headers)
        assert [value for name, value in reply.fields if name.startswith("access-control")] == []
        assert reply["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_option_is_refused(road: str) -> None:
    with pytest.raises(TypeError, match="max_agee"):
        Site(road, max_agee=5)


def test_a_relative_root_stays_where_it_was_when_the_process_moves(
    tmp_path: Path, road: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = publish(tmp_path / "released", {"site.css": b"released"})
    write(tmp_path, {"plain/x.txt": b"plain"})
    monkeypatch.chdir(tmp_path)
    site = Site(road, "plain", "p")
    site.add_files("released", "r")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert site.get("/p/x.txt").body == b"plain"
    assert site.get(f"/r/{release.assets['site.css'].name}").body == b"released"
