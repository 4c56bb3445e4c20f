"""The catalog of a Django project, in production and in development."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import BaseFinder
from django.test import override_settings
from tests.helpers.released import hashed, publish, write

from clearway.catalog import directory_files
from clearway.catalog.errors import UnknownReleaseError
from clearway.catalogs import catalog_of, development_catalog, production_catalog
from clearway.http.resource import Missing, Passed, Redirect, Resource
from clearway.project import Project
from clearway.serve.service import Request, Service

DEFAULT_STORAGE = "django.contrib.staticfiles.finders.DefaultStorageFinder"


def serve(service: Service, path: str, **fields: str) -> Any:
    """(status, body, header fields) of an answer, or what is left to the application."""
    served = service.serve(Request("GET", path, fields))
    if served is None or isinstance(served, Passed):
        return served
    answer, body = served
    data = body if isinstance(body, bytes) else b"".join(body)
    if not isinstance(body, bytes):
        body.close()
    return answer.status, data, dict(answer.headers)


def service(**settings: Any) -> Service:
    with override_settings(**settings):
        return Service(catalog_of(Project.from_settings()))


def bodies(made: Service, *paths: str) -> list[Any]:
    return [served and served[1] for served in (serve(made, path) for path in paths)]


# --- production


def test_all_retained_releases_are_served_and_the_unhashed_name_is_the_current_one_s(tmp_path: Path) -> None:
    for number, data in enumerate([b"one", b"two", b"three"]):
        publish(tmp_path, {"site.css": data}, now=1_700_000_000 + number)
    made = service(STATIC_ROOT=tmp_path)
    for data in (b"one", b"two", b"three"):
        status, body, fields = serve(made, f"/static/{hashed('site.css', data)}")
        assert (status, body, fields["Cache-Control"]) == (200, data, "public, max-age=31536000, immutable")
    status, body, fields = serve(made, "/static/site.css")
    assert (status, body, fields["Cache-Control"]) == (200, b"three", "max-age=60, public")


def test_a_process_stays_with_the_release_it_started_with_and_can_be_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(tmp_path, {"site.css": b"one"})
    started = service(STATIC_ROOT=tmp_path)
    publish(tmp_path, {"site.css": b"two"}, now=1_700_000_009)
    assert bodies(started, "/static/site.css") == [b"one"]
    assert bodies(service(STATIC_ROOT=tmp_path), "/static/site.css") == [b"two"]
    monkeypatch.setenv("CLEARWAY_RELEASE", first.id)
    assert bodies(service(STATIC_ROOT=tmp_path), "/static/site.css") == [b"one"]
    monkeypatch.setenv("CLEARWAY_RELEASE", "")
    assert bodies(service(STATIC_ROOT=tmp_path), "/static/site.css") == [b"two"]


def test_a_pin_to_an_unknown_release_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, {"site.css": b"one"})
    monkeypatch.setenv("CLEARWAY_RELEASE", "feedfacefeedface")
    with pytest.raises(UnknownReleaseError, match="feedfacefeedface"):
        service(STATIC_ROOT=tmp_path)


def test_records_may_lie_elsewhere(tmp_path: Path) -> None:
    root, records = tmp_path / "root", tmp_path / "records"
    name = publish(root, {"site.css": b"one"}, records=records).assets["site.css"].name
    made = service(STATIC_ROOT=root, CLEARWAY={"records": records})
    assert serve(made, f"/static/{name}")[2]["Cache-Control"].endswith("immutable")
    assert not (root / ".clearway").exists()


def test_files_that_no_record_lists_are_served_with_the_short_lifetime(tmp_path: Path) -> None:
    publish(tmp_path, {"site.css": b"one"})
    write(tmp_path, {"jsi18n/de.js": b"de", "top.js": b"top", ".env": b"x", "staticfiles.json": b"{}"})
    made = service(STATIC_ROOT=tmp_path, CLEARWAY={"max_age": 5})
    assert bodies(made, "/static/jsi18n/de.js", "/static/top.js") == [b"de", b"top"]
    assert serve(made, "/static/top.js")[2]["Cache-Control"] == "max-age=5, public"
    for hidden in (".env", "staticfiles.json", ".clearway/current", ".clearway/history.json"):
        assert serve(made, f"/static/{hidden}")[0] == 404, hidden


def test_live_directories_show_new_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_files, "RELIST_AFTER", -1)
    publish(tmp_path, {"site.css": b"one"})
    made = service(STATIC_ROOT=tmp_path, CLEARWAY={"live": ["CACHE", "made/deep"]})
    names = ("CACHE/x.css", "made/deep/y.css", "made/z.css")
    assert [serve(made, f"/static/{name}")[0] for name in names] == [404] * 3
    write(tmp_path, dict.fromkeys(names, b"new"))
    assert [serve(made, f"/static/{name}")[0] for name in names[:2]] == [200, 200]


def test_a_live_directory_is_listed_again_at_most_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, {"site.css": b"one"})
    clock = [1000.0]
    monkeypatch.setattr(directory_files.time, "monotonic", lambda: clock[0])
    made = service(STATIC_ROOT=tmp_path)
    listed: list[str] = []
    real = os.scandir

    def scandir(path: Any) -> Any:
        listed.append(path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    for step in (0.5, 0.4, 0.2, 0.1, 0.1):
        clock[0] += step
        assert serve(made, "/static/CACHE/none.css")[0] == 404
        assert serve(made, "/static/elsewhere/none.css")[0] == 404
    assert len(listed) == 1


def test_files_at_the_site_root_the_first_directory_wins(tmp_path: Path) -> None:
    write(tmp_path, {"a/favicon.ico": b"a", "b/favicon.ico": b"b", "b/robots.txt": b"b", "a/static/x.css": b"no"})
    made = service(CLEARWAY={"root": [tmp_path / "a", tmp_path / "b"]}, STATIC_ROOT=None)
    assert bodies(made, "/favicon.ico", "/robots.txt", "/none") == [b"a", b"b", None]


@pytest.mark.parametrize(("misses", "miss"), [("answer", Missing), ("pass", Passed)])
@pytest.mark.parametrize("debug", [False, True])
def test_who_answers_what_is_not_there(tmp_path: Path, misses: str, miss: type, debug: bool) -> None:
    settings = {"MEDIA_URL": "/static/media/", "CLEARWAY": {"misses": misses}, "DEBUG": debug}
    found = service(STATIC_ROOT=tmp_path, **settings).catalog.find
    assert type(found("/static/none")) is miss
    assert type(found("/static/")) is miss
    assert [found(path) for path in ("/static/media/x", "/static", "/none", "/", "", "*")] == [None] * 6


@pytest.mark.parametrize("debug", [False, True])
def test_a_static_url_of_the_whole_site_owns_no_misses(tmp_path: Path, debug: bool) -> None:
    found = service(STATIC_ROOT=tmp_path, STATIC_URL="/", DEBUG=debug).catalog.find
    assert found("/none") is None


HEADERS = {
    "*.pdf": {"X-Robots-Tag": "noindex"},
    "/static/d/*": {"Cache-Control": "no-cache", "access-control-allow-origin": None},
    "*": {"Content-Length": "1", "Timing-Allow-Origin": "*"},
}


@pytest.mark.parametrize("debug", [False, True])
def test_header_fields_by_glob_of_the_url_path(tmp_path: Path, debug: bool) -> None:
    write(tmp_path, {"x.pdf": b"x", "d/y.css": b"y"})
    made = service(STATIC_ROOT=tmp_path, STATICFILES_DIRS=[tmp_path], CLEARWAY={"headers": HEADERS}, DEBUG=debug)
    pdf, css = serve(made, "/static/x.pdf")[2], serve(made, "/static/d/y.css")[2]
    assert (pdf["X-Robots-Tag"], css.get("X-Robots-Tag")) == ("noindex", None)
    assert (css["Cache-Control"], "Access-Control-Allow-Origin" in css) == ("no-cache", False)
    assert "Access-Control-Allow-Origin" in pdf
    assert (pdf["Content-Length"], pdf["Timing-Allow-Origin"]) == ("1", "*")


# --- development


def test_sources_of_every_finder_are_served_and_the_first_one_wins(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.css": b"a", "b/x.css": b"b", "b/y.css": b"b", "a/admin/css/base.css": b"own"})
    made = service(DEBUG=True, STATICFILES_DIRS=[tmp_path / "a", tmp_path / "b"])
    assert bodies(made, "/static/x.css", "/static/y.css", "/static/admin/css/base.css") == [b"a", b"b", b"own"]
    assert serve(made, "/static/admin/js/core.js")[0] == 200
    assert serve(made, "/static/none.css")[0] == 404


def test_a_directory_with_a_prefix(tmp_path: Path) -> None:
    write(tmp_path, {"x.css": b"x"})
    headers = {"/static/vendor/*": {"X-Vendor": "yes"}}
    made = service(DEBUG=True, STATICFILES_DIRS=[("vendor", tmp_path)], CLEARWAY={"headers": headers})
    assert bodies(made, "/static/vendor/x.css") == [b"x"]
    assert [serve(made, path)[0] for path in ("/static/x.css", "/static/vendorx.css", "/static/vendor")] == [404] * 3
    assert serve(made, "/static/vendor/x.css")[2]["X-Vendor"] == "yes"  # globs are of the URL path


class OneFile(BaseFinder):
    """A finder without storages, as compressors bring them."""

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        return __file__ if path == "made/by.finder.py" else []

    def list(self, ignore_patterns: Any) -> Any:
        return []


def test_a_finder_of_another_kind_is_asked(tmp_path: Path) -> None:
    made = service(DEBUG=True, STATICFILES_FINDERS=[f"{__name__}.OneFile"])
    assert bodies(made, "/static/made/by.finder.py") == [Path(__file__).read_bytes()]
    assert serve(made, "/static/none.css")[0] == 404


@pytest.fixture
def uploads(tmp_path: Path) -> Iterator[Service]:
    """A finder over MEDIA_ROOT that joins paths."""
    write(
        tmp_path, {"media/x.css": b"x", "media/.env": b"secret", "media/d/.git/config": b"secret", "s.txt": b"secret"}
    )
    with override_settings(DEBUG=True, STATICFILES_FINDERS=[DEFAULT_STORAGE], MEDIA_ROOT=tmp_path / "media"):
        yield service()


def test_a_finder_that_joins_paths_serves_its_files(uploads: Service) -> None:
    assert bodies(uploads, "/static/x.css") == [b"x"]


@pytest.mark.parametrize(
    "name", ["../s.txt", "/etc/hostname", "a\0b", "d/../x.css", "d", "", ".", "d/", "x.css/", ".env", "d/.git/config"]
)
def test_a_finder_that_joins_paths_is_asked_for_names_only(uploads: Service, name: str) -> None:
    assert serve(uploads, f"/static/{name}")[0] == 404


def test_media_are_served_in_development_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"x.svg": b"<svg/>"})
    with override_settings(DEBUG=True, MEDIA_ROOT=tmp_path, MEDIA_URL="/media/"):
        project = Project.from_settings()
        asked, not_asked = development_catalog(project, media=True), development_catalog(project)
    assert isinstance(asked.find("/media/x.svg"), Resource)
    assert not_asked.find("/media/x.svg") is None


@pytest.mark.parametrize(("root", "url"), [("", "/media/"), ("/srv/media", ""), ("/srv/media", "/")])
def test_without_a_place_or_a_url_media_are_not_served(root: str, url: str) -> None:
    with override_settings(DEBUG=True, MEDIA_ROOT=root, MEDIA_URL=url):
        catalog = development_catalog(Project.from_settings(), media=True)
    assert [mount.prefix for mount in catalog.mounts] == ["/static/"]


def test_debug_decides_between_the_two(tmp_path: Path) -> None:
    publish(tmp_path, {"site.css": b"released"})
    with override_settings(STATIC_ROOT=tmp_path, DEBUG=True):
        project = Project.from_settings()
    assert isinstance(catalog_of(project).find("/static/site.css"), Missing)
    assert isinstance(production_catalog(project).find("/static/site.css"), Resource)
    assert not isinstance(production_catalog(project).find("/static/site.css"), Redirect)


# --- index files and types of the project


@pytest.mark.parametrize("debug", [False, True])
def test_an_index_file_stands_for_its_directory(tmp_path: Path, debug: bool) -> None:
    files = {"index.html": b"top", "docs/index.html": b"docs", "docs/a.css": b"a"}
    write(tmp_path / "src", files)
    write(tmp_path / "www", {"about/index.html": b"about"})
    publish(tmp_path / "root", files)
    made = service(
        DEBUG=debug,
        STATIC_ROOT=tmp_path / "root",
        STATICFILES_DIRS=[tmp_path / "src"],
        CLEARWAY={"index_file": True, "root": tmp_path / "www"},
    )
    assert bodies(made, "/static/", "/static/docs/", "/about/") == [b"top", b"docs", b"about"]
    assert serve(made, "/static/docs/")[2]["Content-Type"] == "text/html; charset=utf-8"
    redirects = {
        "/static": "./static/",
        "/static/docs": "./docs/",
        "/static/docs/index.html": "./",
        "/static/index.html": "./",
        "/about": "./about/",
    }
    for path, location in redirects.items():
        status, _, fields = serve(made, path)
        assert (status, fields["Location"]) == (302, location), path
    assert serve(made, "/static/none/")[0] == serve(made, "/static/docs/none")[0] == 404
    assert bodies(made, "/static/docs/a.css", "/none", "/none/") == [b"a", None, None]


def test_an_index_file_of_a_release_may_be_kept_for_a_short_time_only(tmp_path: Path) -> None:
    name = publish(tmp_path, {"docs/index.html": b"docs"}).assets["docs/index.html"].name
    made = service(STATIC_ROOT=tmp_path, CLEARWAY={"index_file": True})
    assert serve(made, "/static/docs/")[2]["Cache-Control"] == "max-age=60, public"
    assert serve(made, f"/static/{name}")[2]["Cache-Control"].endswith("immutable")


def test_an_index_file_of_a_release_that_was_edited_is_served_as_it_is(tmp_path: Path) -> None:
    name = publish(tmp_path, {"docs/index.html": b"docs"}, codings=()).assets["docs/index.html"].name
    made = service(STATIC_ROOT=tmp_path, CLEARWAY={"index_file": True})
    write(tmp_path, {name: b"edited"})
    status, body, fields = serve(made, "/static/docs/")
    assert (status, body, fields["Content-Type"]) == (200, b"edited", "text/html; charset=utf-8")


def test_without_the_key_an_index_file_is_a_file_like_any_other(tmp_path: Path) -> None:
    publish(tmp_path, {"index.html": b"top"})
    made = service(STATIC_ROOT=tmp_path)
    assert bodies(made, "/static/index.html") == [b"top"]
    assert serve(made, "/static/")[0] == 404
    assert serve(made, "/static") is None


def test_an_index_file_of_a_directory_with_a_prefix(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": b"vendor", "d/index.html": b"deep"})
    made = service(DEBUG=True, STATICFILES_DIRS=[("lib/vendor", tmp_path)], CLEARWAY={"index_file": True})
    assert bodies(made, "/static/lib/vendor/", "/static/lib/vendor/d/") == [b"vendor", b"deep"]
    locations = [serve(made, f"/static/lib/{path}")[2]["Location"] for path in ("vendor", "vendor/d")]
    assert locations == ["./vendor/", "./d/"]
    assert serve(made, "/static/lib")[0] == 404


def test_an_index_file_of_a_finder_of_another_kind(tmp_path: Path) -> None:
    write(tmp_path, {"docs/index.html": b"docs"})
    settings = {"STATICFILES_FINDERS": [DEFAULT_STORAGE], "MEDIA_ROOT": tmp_path, "CLEARWAY": {"index_file": True}}
    with override_settings(DEBUG=True, **settings):
        made = service()
        assert bodies(made, "/static/docs/") == [b"docs"]
        locations = [serve(made, f"/static/docs{rest}")[2]["Location"] for rest in ("", "/index.html")]
        assert locations == ["./docs/", "./"]


@pytest.mark.parametrize("debug", [False, True])
def test_types_of_the_project_go_before_those_of_the_record(tmp_path: Path, debug: bool) -> None:
    write(tmp_path / "src", {"x.foo": b"foo", "special.js": b"s"})
    publish(tmp_path / "root", {"x.foo": b"foo", "special.js": b"s"})
    made = service(
        DEBUG=debug,
        STATIC_ROOT=tmp_path / "root",
        STATICFILES_DIRS=[tmp_path / "src"],
        CLEARWAY={"mimetypes": {".FOO": "text/x-foo", "special.js": "a/b"}},
    )
    types = [serve(made, f"/static/{name}")[2]["Content-Type"] for name in ("x.foo", "special.js")]
    assert types == ["text/x-foo; charset=utf-8", "a/b"]
