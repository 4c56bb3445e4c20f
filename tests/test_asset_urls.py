"""`Clearway.url(name)`: hashed URLs for templates without Django."""

import logging
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.released import hashed, publish, write

from clearway import asgi, wsgi
from clearway.catalog.report import report

CSS, OTHER = b"a{color:teal}" * 40, b"b{color:teal}" * 40
WRAPPERS: list[Any] = [wsgi.Clearway, asgi.Clearway]


@pytest.fixture(params=WRAPPERS)
def wrapper(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def root(tmp_path: Path) -> Path:
    publish(tmp_path / "public", {"css/site.css": CSS, "a b/é(1).svg": b"<svg/>"}, codings=["br"])
    return tmp_path / "public"


def static(name: str, data: bytes = CSS) -> str:
    return f"/static/{hashed(name, data)}"


def test_a_release_gives_hashed_urls(wrapper: Any, root: Path) -> None:
    site = wrapper(root=root, prefix="static")
    for _ in range(2):
        assert site.url("css/site.css") == static("css/site.css")
        assert site.url("a b/é(1).svg") == f"/static/a%20b/%C3%A9(1).{hashed('x.svg', b'<svg/>')[2:14]}.svg"


@pytest.mark.parametrize("tail", ["#part", "?v=1", "?v=1#part", "#a?b"])
def test_a_query_and_a_fragment_stay(tail: str, root: Path) -> None:
    site = wsgi.Clearway(root=root, prefix="/static/")
    assert site.url("css/site.css" + tail) == static("css/site.css") + tail


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("css/sit.css", "there is no file 'css/sit.css' in .*; did you mean 'css/site.css'?"),
        ("site.css#x", "there is no file 'site.css' in .*; did you mean 'css/site.css'?"),
        ("entirely/else.js", "build the directory again, or correct the name"),
        ("/css/site.css", "leave out the / at its start"),
        ("../public/css/site.css", "there is no file"),
        ("", "there is no file ''"),
        ("css/", "there is no file 'css/'"),
        (".clearway/current", "there is no file"),
    ],
)
def test_an_unknown_name_is_an_error_that_helps(name: str, says: str, wrapper: Any, root: Path) -> None:
    site = wrapper(root=root, prefix="/static/")
    for _ in range(2):
        with pytest.raises(ValueError, match=says):
            site.url(name)


def test_without_directories(wrapper: Any) -> None:
    with pytest.raises(ValueError, match="no directory was added: give root="):
        wrapper().url("css/site.css")


def test_a_plain_directory_gives_plain_urls(wrapper: Any, tmp_path: Path) -> None:
    write(tmp_path / "plain", {"css/site.css": CSS})
    site = wrapper(root=tmp_path / "plain", prefix="plain/")
    assert site.url("css/site.css") == "/plain/css/site.css"
    with pytest.raises(ValueError, match="there is no file 'css/none\\.css'"):
        site.url("css/none.css")


def test_autorefresh_gives_plain_urls_of_what_is_there_now(wrapper: Any, root: Path) -> None:
    write(root, {"css/site.css": CSS})
    site = wrapper(root=root, prefix="static", autorefresh=True)
    assert site.url("css/site.css") == "/static/css/site.css"
    (root / "css/site.css").unlink()
    with pytest.raises(ValueError, match="there is no file"):
        site.url("css/site.css")
    write(root, {"css/new.css": CSS})
    assert site.url("css/new.css") == "/static/css/new.css"


def test_files_beside_a_release_have_plain_urls(root: Path) -> None:
    write(root, {"theirs/x.txt": b"x"})
    assert wsgi.Clearway(root=root, prefix="static").url("theirs/x.txt") == "/static/theirs/x.txt"


def test_what_is_added_later_wins(root: Path, tmp_path: Path) -> None:
    write(tmp_path / "plain", {"css/site.css": OTHER, "css/more.css": OTHER})
    site = wsgi.Clearway(root=tmp_path / "plain", prefix="plain/")
    assert site.url("css/site.css") == "/plain/css/site.css"
    site.add_files(root, "static/")
    assert site.url("css/site.css") == static("css/site.css")
    assert site.url("css/more.css") == "/plain/css/more.css"


def test_names_are_those_of_the_release_that_was_loaded(root: Path) -> None:
    site = wsgi.Clearway(root=root, prefix="static")
    publish(root, {"css/site.css": OTHER, "css/new.css": OTHER})
    assert site.url("css/site.css") == static("css/site.css")
    assert site.url("css/new.css") == static("css/new.css", OTHER)  # a template of the new code in an old process
    after = wsgi.Clearway(root=root, prefix="static")
    assert after.url("css/site.css") == static("css/site.css", OTHER)
    assert after.url("a b/é(1).svg").startswith("/static/a%20b/")  # a template of the old code in a new process


@pytest.mark.parametrize(
    ("static_url", "prefix", "starts", "is_told"),
    [
        ("/static/", "static", "/static/", False),
        ("/app/static/", "static", "/app/static/", False),
        ("/app/static/", "/app/static/", "/app/static/", False),
        ("https://cdn.example/s/", "static", "https://cdn.example/s/", False),
        ("//cdn.example/s/", "static", "//cdn.example/s/", False),
        ("/", "/", "/", False),
        ("/static/", "assets", "/assets/", True),
        ("/static/", "/", "/", True),
        ("/static/", None, "/", True),
    ],
)
def test_where_urls_begin(
    static_url: str, prefix: str, starts: str, is_told: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    report.cache_clear()
    publish(tmp_path, {"css/site.css": CSS}, codings=[], static_url=static_url)
    with caplog.at_level(logging.WARNING):
        site = wsgi.Clearway(root=tmp_path, prefix=prefix)
    assert site.url("css/site.css") == starts + hashed("css/site.css", CSS)
    assert ("--url" in caplog.text) is is_told


def test_index_files_do_not_hide_names(root: Path) -> None:
    publish(root, {"docs/index.html": b"<p>" * 60}, codings=[])
    site = wsgi.Clearway(root=root, prefix="static", index_file=True)
    assert site.url("docs/index.html") == static("docs/index.html", b"<p>" * 60)
