"""One table of requests, every road: the same status, the same header fields, the same octets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import override_settings
from tests.helpers.released import hashed, publish, write
from tests.helpers.roads import ROADS, Road

from clearway.middleware import ClearwayMiddleware

CSS = b"body { color: teal }\n" * 200
LARGE = bytes(range(256)) * 4000
NEW, OLD = hashed("site.css", CSS), hashed("site.css", b"old{}")
BIG = hashed("large.bin", LARGE)
GZIP, BR = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br;q=0.5, gzip, deflate"}

# (target, method, headers, status)
ROWS: list[tuple[str, str, dict[str, str], int]] = [
    (f"/static/{NEW}", "GET", {}, 200),
    (f"/static/{NEW}", "GET", GZIP, 200),
    (f"/static/{NEW}", "GET", BR, 200),
    (f"/static/{NEW}", "GET", {"Accept-Encoding": "*"}, 200),
    (f"/static/{NEW}", "GET", {"Accept-Encoding": "identity;q=0"}, 200),
    (f"/static/{NEW}", "HEAD", {}, 200),
    (f"/static/{NEW}", "HEAD", BR, 200),
    (f"/static/{NEW}", "OPTIONS", {}, 204),
    (f"/static/{NEW}", "POST", {}, 405),
    (f"/static/{NEW}", "PUT", {}, 405),
    (f"/static/{NEW}", "GET", {"Range": "bytes=0-9"}, 206),
    (f"/static/{NEW}", "GET", {"Range": "bytes=-9", **GZIP}, 206),
    (f"/static/{NEW}", "GET", {"Range": "bytes=99999-"}, 416),
    (f"/static/{NEW}", "GET", {"Range": "bytes=5-2"}, 200),
    (f"/static/{NEW}", "GET", {"Range": "lines=1-2"}, 200),
    (f"/static/{NEW}", "GET", {"Range": "bytes=0-0,5-6"}, 200),
    (f"/static/{NEW}", "HEAD", {"Range": "bytes=0-9"}, 200),
    (f"/static/{NEW}", "GET", {"Range": "bytes=0-9", "If-Range": '"old"'}, 200),
    (f"/static/{NEW}", "GET", {"Range": "bytes=0-9", "If-Range": "Tue, 14 Nov 2023 22:13:21 GMT"}, 206),
    (f"/static/{NEW}", "GET", {"If-None-Match": "*"}, 304),
    (f"/static/{NEW}", "HEAD", {"If-None-Match": "*"}, 304),
    (f"/static/{NEW}", "GET", {"If-None-Match": '"a", "b"'}, 200),
    (f"/static/{NEW}", "GET", {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:21 GMT"}, 304),
    (f"/static/{NEW}", "GET", {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"}, 200),
    (f"/static/{NEW}", "GET", {"If-Match": '"a"'}, 412),
    (f"/static/{NEW}", "GET", {"If-Unmodified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"}, 412),
    (f"/static/{NEW}?v=1", "GET", {}, 200),
    ("/static/site.css", "GET", BR, 200),
    (f"/static/{OLD}", "GET", {}, 200),
    (f"/static/{BIG}", "GET", {}, 200),
    (f"/static/{BIG}", "HEAD", {}, 200),
    (f"/static/{BIG}", "GET", {"Range": "bytes=100000-900000"}, 206),
    (f"/static/{BIG}", "GET", {"Range": "bytes=0-"}, 206),
    ("/static/unlisted/x.tar.gz", "GET", BR, 200),
    ("/static/CACHE/made.js", "GET", {}, 200),
    ("/static/empty.txt", "GET", {}, 200),
    ("/static/%E6%97%A5%20x.txt", "GET", {}, 200),
    ("/static/none.css", "GET", {}, 404),
    ("/static/none.css", "POST", {}, 404),
    ("/static/none.css", "OPTIONS", {}, 404),
    ("/static/", "GET", {}, 404),
    ("/static/.clearway/current", "GET", {}, 404),
    ("/static/staticfiles.json", "GET", {}, 404),
    ("/static/../static/site.css", "GET", {}, 404),
    ("/static//site.css", "GET", {}, 404),
    ("/favicon.ico", "GET", {}, 200),
    ("/.well-known/security.txt", "GET", {}, 200),
    ("/favicon.ico", "POST", {}, 405),
    ("/hello", "GET", {}, 200),
]
NOT_ASCII = "/static/%E6%97%A5%20x.txt"
WITHOUT_DJANGO = ("middleware alone", "middleware alone, async")  # there the next one's 404 page is another


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("same") / "static_root"
    publish(root, {"site.css": b"old{}"}, now=1_700_000_000)
    publish(
        root,
        {"site.css": CSS, "large.bin": LARGE, "empty.txt": b"", "日 x.txt": b"nihon"},
        now=1_700_000_001,
    )
    write(root, {"unlisted/x.tar.gz": b"tar", "CACHE/made.js": b"made", "staticfiles.json": b"{}"})
    write(root.parent / "www", {"favicon.ico": b"icon", ".well-known/security.txt": b"Contact: x"})
    return root


@pytest.fixture(scope="module", params=["answer", "pass"])
def roads(request: pytest.FixtureRequest, root: Path) -> Iterator[dict[str, Road]]:
    clearway = {"root": [root.parent / "www"], "misses": request.param, "headers": {"*.js": {"X-Own": "é"}}}
    with override_settings(STATIC_ROOT=root, CLEARWAY=clearway, MIDDLEWARE=[]):
        made = {name: make() for name, make in ROADS.items()}
        for road in made.values():
            road("/hello")  # the settings are read at the first request
    yield made


@pytest.mark.parametrize(("target", "method", "headers", "status"), ROWS)
def test_all_roads_answer_alike(
    roads: dict[str, Road], request: Any, target: str, method: str, headers: dict[str, str], status: int
) -> None:
    replies = {
        name: road(target, method, headers)
        for name, road in roads.items()
        if not (target == NOT_ASCII and "async" in name.lower())  # Django's own test client encodes such paths wrongly
    }
    wanted = replies["WSGI"]
    assert wanted.status == status
    if status == 404 and request.node.callspec.params["roads"] == "pass":
        assert wanted["Cache-Control"] == "no-store"
        replies = {name: reply for name, reply in replies.items() if name not in WITHOUT_DJANGO}
    for name, reply in replies.items():
        assert reply.comparable == wanted.comparable, name


@pytest.mark.parametrize("name", ROADS)
def test_validators_of_one_road_hold_on_every_other(roads: dict[str, Road], name: str) -> None:
    known = roads["WSGI"](f"/static/{NEW}", "GET", BR)
    assert known["Content-Encoding"] == "br"
    again = roads[name](f"/static/{NEW}", "GET", {**BR, "If-None-Match": known["ETag"] or ""})
    assert again.status == 304
    assert again["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name", ["WSGI", "ASGI", "middleware, WSGIHandler", "middleware, ASGIHandler", "middleware, Client"]
)
@pytest.mark.parametrize(
    ("static_url", "script_name"),
    [("/static/", "/app"), ("static/", "/app"), ("/app/static/", "/app"), ("/static/", "/é"), ("static/", "/é")],
)
def test_below_a_script_name_every_road_serves_and_misses_alike(
    root: Path, name: str, static_url: str, script_name: str
) -> None:
    script = script_name if "ASGI" in name else script_name.encode().decode("latin-1")
    with override_settings(STATIC_ROOT=root, STATIC_URL=static_url):
        road = ROADS[name]()
        assert road(f"/static/{NEW}", script_name=script).body == CSS
        assert road(f"/static/{BIG}", "GET", {"Range": "bytes=7-400000"}, script_name=script).status == 206
        miss = road("/static/none.css", script_name=script)
        assert (miss.status, miss.body) == (404, b"Not Found\n")
        assert road("/hello", script_name=script).body == b"hello from Django"


@pytest.mark.parametrize("name", ROADS)
def test_a_miss_has_no_content_for_head(root: Path, name: str) -> None:
    with override_settings(STATIC_ROOT=root):
        reply = ROADS[name]()("/static/none.css", "HEAD")
    assert (reply.status, reply.body, reply["Content-Length"]) == (404, b"", "10")


def test_the_middleware_has_one_body_of_logic_for_both_worlds(root: Path) -> None:
    async def later(request: Any) -> HttpResponse:
        return HttpResponse()

    assert ClearwayMiddleware.sync_capable
    assert ClearwayMiddleware.async_capable
    with override_settings(STATIC_ROOT=root):
        sync, asynchronous = ClearwayMiddleware(lambda request: HttpResponse()), ClearwayMiddleware(later)
    assert type(sync.service) is type(asynchronous.service)
