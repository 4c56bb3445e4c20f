"""`clearway.middleware.ClearwayMiddleware`: what a Django project sees of it."""

import asyncio
from pathlib import Path
from typing import Any
from wsgiref.util import FileWrapper

import pytest
from asgiref.sync import iscoroutinefunction
from django.conf import settings as django_settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse, HttpResponseNotFound, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings
from tests.helpers.asgi import Exchange, asgi, scope
from tests.helpers.released import publish, write
from tests.helpers.replies import Reply
from tests.helpers.roads import MIDDLEWARE
from tests.helpers.wsgi import environ, run, wsgi

from clearway import asgi as clearway_asgi
from clearway import wsgi as clearway_wsgi
from clearway.media.responses import AsyncBlocks
from clearway.middleware import ClearwayMiddleware
from clearway.serve.bodies import OpenFile

CSS, LARGE = b"body{}" * 300, bytes(range(256)) * 4000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "static_root"
    publish(root, {"site.css": CSS, "large.bin": LARGE}, codings=())
    return root


def view(request: Any) -> HttpResponse:
    status = int(request.GET.get("status", 200))
    return HttpResponse(b"the application", status=status, headers={"Cache-Control": "max-age=5"})


async def async_view(request: Any) -> HttpResponse:
    return view(request)


def get(target: str, **settings: Any) -> Reply:
    """Through a new middleware under these settings."""
    with override_settings(MIDDLEWARE=[MIDDLEWARE], **settings):
        return wsgi(WSGIHandler(), target)


# --- sync and async


def test_it_is_a_coroutine_function_exactly_when_the_next_one_is(root: Path) -> None:
    with override_settings(STATIC_ROOT=root):
        assert not iscoroutinefunction(ClearwayMiddleware(view))
        assert iscoroutinefunction(ClearwayMiddleware(async_view))


@pytest.mark.parametrize("others", [[], ["django.middleware.common.CommonMiddleware"]])
def test_it_stands_in_chains_of_both_kinds(root: Path, others: list[str]) -> None:
    chain = [*others, MIDDLEWARE, *others]
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=chain):
        for reply in (
            wsgi(WSGIHandler(), "/static/site.css"),
            asgi(ASGIHandler(), "/static/site.css", exact_case=False),
        ):
            assert reply.body == CSS


def test_settings_are_read_when_the_middleware_is_made_and_not_per_request(root: Path) -> None:
    with override_settings(STATIC_ROOT=root, CLEARWAY={"max_age": 7}):
        middleware = ClearwayMiddleware(view)
    response: Any = middleware(RequestFactory().get("/static/site.css"))
    assert response.headers["Cache-Control"] == "max-age=7, public"


# --- misses


@pytest.mark.parametrize(
    ("target", "status", "cache_control"),
    [
        ("/static/none?status=404", 404, "no-store"),
        ("/static/none?status=200", 200, "max-age=5"),
        ("/static/none?status=500", 500, "max-age=5"),
        ("/page?status=404", 404, "max-age=5"),
        ("/staticky?status=404", 404, "max-age=5"),
    ],
)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_passed_misses_are_the_application_s_and_its_404_is_not_stored(
    root: Path, target: str, status: int, cache_control: str, kind: str
) -> None:
    with override_settings(STATIC_ROOT=root, CLEARWAY={"misses": "pass"}):
        middleware: Any = ClearwayMiddleware(view if kind == "sync" else async_view)
    response = middleware(RequestFactory().get(target))
    response = asyncio.run(response) if kind == "async" else response
    assert (response.status_code, response.content) == (status, b"the application")
    assert response.headers["Cache-Control"] == cache_control


def test_answered_misses_do_not_reach_the_application(root: Path) -> None:
    def never(request: Any) -> Any:
        raise AssertionError(request.path)

    with override_settings(STATIC_ROOT=root):
        middleware: Any = ClearwayMiddleware(never)
    response = middleware(RequestFactory().get("/static/none"))
    assert (response.status_code, response.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("misses", ["answer", "pass"])
def test_media_below_the_static_url_is_never_a_miss(root: Path, misses: str) -> None:
    settings = {"STATIC_ROOT": root, "MEDIA_URL": "/static/media/", "CLEARWAY": {"misses": misses}}
    with override_settings(**settings):
        middleware: Any = ClearwayMiddleware(
            lambda request: HttpResponseNotFound(b"media", headers={"Cache-Control": "x"})
        )
    response = middleware(RequestFactory().get("/static/media/photo.png"))
    assert (response.content, response.headers["Cache-Control"]) == (b"media", "x")
    assert middleware(RequestFactory().get("/static/none.png")).headers["Cache-Control"] == "no-store"


# --- STATIC_URL in every form


@pytest.mark.parametrize(
    ("static_url", "served"),
    [
        ("/static/", "/static/site.css"),
        ("static/", "/static/site.css"),
        ("https://cdn.example.com/static/", "/static/site.css"),
        ("//cdn.example.com/assets/v1/", "/assets/v1/site.css"),
        ("https://cdn.example.com/", "/site.css"),
        ("/a/b/c/", "/a/b/c/site.css"),
        ("/", "/site.css"),
        ("/st%C3%A4tisch/", "/st%C3%A4tisch/site.css"),
    ],
)
def test_every_form_of_static_url_is_served(root: Path, static_url: str, served: str) -> None:
    assert get(served, STATIC_ROOT=root, STATIC_URL=static_url).body == CSS
    assert get("/hello", STATIC_ROOT=root, STATIC_URL=static_url).body == b"hello from Django"


@pytest.mark.parametrize("static_url", ["/", "https://cdn.example.com/", "https://cdn.example.com"])
def test_a_miss_at_the_root_of_the_site_is_the_application_s(root: Path, static_url: str) -> None:
    reply = get("/none.css", STATIC_ROOT=root, STATIC_URL=static_url)
    assert (reply.status, reply["Cache-Control"]) == (404, None)


@pytest.mark.parametrize("static_url", ["static/", "/app/static/", "/static/"])
def test_force_script_name(root: Path, static_url: str) -> None:
    settings = {"STATIC_ROOT": root, "STATIC_URL": static_url, "FORCE_SCRIPT_NAME": "/app"}
    assert get("/static/site.css", **settings).body == CSS
    assert get("/static/none.css", **settings).body == b"Not Found\n"
    assert get("/hello", **settings).body == b"hello from Django"


@pytest.mark.parametrize("static_url", ["static/", "/app/static/", "/static/"])
@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_force_script_name_below_a_wrapper(root: Path, static_url: str, kind: str) -> None:
    """The front took the script name off the path and told nobody; Django learns it from the setting, and so do we."""
    with override_settings(STATIC_ROOT=root, STATIC_URL=static_url, FORCE_SCRIPT_NAME="/app", MIDDLEWARE=[]):
        if kind == "wsgi":
            site: Any = clearway_wsgi.Clearway(WSGIHandler())
            replies = [wsgi(site, "/static/site.css"), wsgi(site, "/static/none.css")]
        else:
            site = clearway_asgi.Clearway(ASGIHandler())
            replies = [asgi(site, f"/static/{name}", exact_case=False) for name in ("site.css", "none.css")]
    assert [reply.body for reply in replies] == [CSS, b"Not Found\n"]


@pytest.mark.parametrize("static_url", ["static/", "/app/static/"])
def test_force_script_name_that_an_asgi_server_leaves_in_the_path(root: Path, static_url: str) -> None:
    with override_settings(STATIC_ROOT=root, STATIC_URL=static_url, FORCE_SCRIPT_NAME="/app", MIDDLEWARE=[]):
        site = clearway_asgi.Clearway(ASGIHandler())
        replies = [asgi(site, f"/app/static/{name}", exact_case=False) for name in ("site.css", "none.css")]
        assert asgi(site, "/app/hello", exact_case=False).body == b"hello from Django"
    assert [reply.body for reply in replies] == [CSS, b"Not Found\n"]


def test_without_a_static_root_every_static_url_is_a_miss(tmp_path: Path) -> None:
    assert get("/static/x.css", STATIC_ROOT=None).status == 404
    assert get("/static/x.css", STATIC_ROOT=tmp_path / "nowhere").status == 404
    assert get("/hello", STATIC_ROOT=None).status == 200


# --- development


def test_debug_serves_the_sources_with_no_lifetime(tmp_path: Path) -> None:
    write(tmp_path, {"site.css": b"one"})
    with override_settings(DEBUG=True, STATIC_ROOT=None, STATICFILES_DIRS=[tmp_path], MIDDLEWARE=[MIDDLEWARE]):
        handler = WSGIHandler()
        first = wsgi(handler, "/static/site.css")
        write(tmp_path, {"site.css": b"two", "new.css": b"new"})
        second, new = wsgi(handler, "/static/site.css"), wsgi(handler, "/static/new.css")
        admin = wsgi(handler, "/static/admin/css/base.css")
    assert (first.body, second.body, new.body, admin.status) == (b"one", b"two", b"new", 200)
    assert {each["Cache-Control"] for each in (first, second, new, admin)} == {"max-age=0, public"}
    assert first["ETag"] != second["ETag"]


def test_debug_takes_no_notice_of_static_root(root: Path) -> None:
    assert not django_settings.DEBUG
    assert get("/static/site.css", STATIC_ROOT=root).status == 200
    assert get("/static/site.css", STATIC_ROOT=root, DEBUG=True).status == 404


# --- large files


def test_a_whole_large_file_reaches_the_file_wrapper_and_is_closed(root: Path) -> None:
    made: list[Any] = []

    class Wrapper(FileWrapper):
        def __init__(self, file: Any, block: int) -> None:
            super().__init__(file, block)
            made.append((file, block))

    given = environ("/static/large.bin") | {"wsgi.file_wrapper": Wrapper}
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[MIDDLEWARE]):
        reply = run(WSGIHandler(), given)
    [(file, block)] = made
    assert reply.body == LARGE
    assert {"fileno", "read", "tell"} <= set(dir(file)), "what servers look for"
    assert (file.closed, block) == (True, 256 * 1024)


def test_a_file_response_keeps_the_header_fields_of_clearway(root: Path) -> None:
    with override_settings(STATIC_ROOT=root):
        middleware: Any = ClearwayMiddleware(view)
    response = middleware(RequestFactory().get("/static/large.bin"))
    assert isinstance(response, FileResponse)
    assert response.file_to_stream is not None
    assert "Content-Disposition" not in response.headers
    response.close()
    assert response.file_to_stream.closed


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=9-700000"}])
@pytest.mark.parametrize("read", [0, 1, None])
def test_a_file_is_closed_however_much_was_read(root: Path, headers: dict[str, str], read: int | None) -> None:
    with override_settings(STATIC_ROOT=root):
        middleware: Any = ClearwayMiddleware(view)
    response = middleware(RequestFactory().get("/static/large.bin", headers=headers))
    assert isinstance(response, StreamingHttpResponse)
    for number, _ in enumerate(response, start=1):
        if number == read:
            break
    response.close()  # a file that stays open warns when it is collected, and warnings are errors here


def test_a_large_file_is_closed_at_the_end_of_an_async_request(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[OpenFile] = []
    real = AsyncBlocks.__init__

    def noting(self: AsyncBlocks, file: OpenFile) -> None:
        files.append(file)
        real(self, file)

    monkeypatch.setattr(AsyncBlocks, "__init__", noting)
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[MIDDLEWARE]):
        assert asgi(ASGIHandler(), "/static/large.bin", exact_case=False).body == LARGE
    assert [file.file.closed for file in files] == [True]


def test_a_client_that_is_gone_closes_the_file_of_an_async_request(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[OpenFile] = []
    real = AsyncBlocks.__init__

    def noting(self: AsyncBlocks, file: OpenFile) -> None:
        files.append(file)
        real(self, file)

    monkeypatch.setattr(AsyncBlocks, "__init__", noting)
    talk = Exchange(scope("/static/large.bin"), exact_case=False, disconnect_after=2)
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[MIDDLEWARE]):
        asyncio.run(ASGIHandler()(talk.scope, talk.receive, talk.send))
    assert [file.file.closed for file in files] == [True]
    assert len(talk.messages) < 5


def test_the_test_client_reads_a_large_file(root: Path) -> None:
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[MIDDLEWARE]):
        response: Any = Client().get("/static/large.bin")
        assert b"".join(response.streaming_content) == LARGE
        response.close()


def test_the_reason_phrase_is_that_of_the_wrappers_whatever_the_python(root: Path) -> None:
    with override_settings(STATIC_ROOT=root):
        request = RequestFactory().get("/static/site.css", headers={"Range": "bytes=9999999-"})
        response: Any = ClearwayMiddleware(view)(request)
    assert (response.status_code, response.reason_phrase) == (416, "Range Not Satisfiable")
