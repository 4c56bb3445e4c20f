"""A Django project with the settings of a peer: under that peer, and after the two edits, with Clearway."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.templatetags.static import static
from django.test import override_settings
from tests.helpers.released import write
from tests.peers.behaviours import Answer, to
from tests.peers.projects import HASHED, OURS, SOURCES, STACKS, STORAGES, WWW, Project, Started, started

CSS = SOURCES["site.css"]


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if name not in OURS:
        pytest.importorskip(name, reason=f"needs {name}")
    return name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "src", SOURCES)
    write(tmp_path / "www", WWW)
    return tmp_path


def add_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Url"] = url


@dataclass(frozen=True)
class Row:
    """Settings and one request: what the peer answers (`servestatic` where it is another), and Clearway."""

    name: str
    settings: dict[str, Any]
    target: str
    theirs: Answer
    ours: Answer | None = None
    servestatic: Answer | None = None
    headers: dict[str, str] = field(default_factory=dict)
    because: str = ""


def ok(body: bytes | None = None, **fields: str | None) -> Answer:
    return Answer(200, {name.replace("_", "-"): value for name, value in fields.items()}, body)


PAGE = "docs/howto/coming-from-whitenoise.md"
FINDERS = {"USE_FINDERS": True, "STATIC_ROOT": None, "INDEX_FILE": True}
NO_STORE = Answer(404, {"cache-control": "no-store"})
SHORT = ok(cache_control="max-age=60, public")
FOREVER = ok(cache_control="public, max-age=31536000, immutable")
TEN_YEARS = ok(cache_control="max-age=315360000, public, immutable")
A_YEAR = "RFC 9111 §5.3: nothing is kept for longer than a year"
REGEX = {"IMMUTABLE_FILE_TEST": r"/site\.css$"}
NO_DOUBT = f"{PAGE}: a name with a hash stays immutable"

ROWS = [
    Row("a file of the site's root", {"ROOT": "{folder}/www"}, "/robots.txt", ok(WWW["robots.txt"])),
    Row("an index file of the site's root", {"ROOT": "{folder}/www", "INDEX_FILE": True}, "/about/",
        ok(WWW["about/index.html"])),
    Row("a directory of the site's root without its slash", {"ROOT": "{folder}/www", "INDEX_FILE": True}, "/about",
        to("about/"), to("./about/"), because="RFC 3986 §5.2.4: the same URL"),
    Row("a name with a hash", {}, HASHED, TEN_YEARS, FOREVER, because=A_YEAR),
    Row("a name without", {}, "/static/app.js", SHORT),
    Row("gzip", {}, HASHED, ok(content_encoding="gzip", vary="Accept-Encoding"), headers={"Accept_Encoding": "gzip"}),
    Row("brotli", {}, HASHED, ok(content_encoding="br", vary="Accept-Encoding"),
        headers={"Accept_Encoding": "gzip, br"}),
    Row("not modified", {}, "/static/app.js", Answer(304, {"content-type": None}),
        headers={"If_Modified_Since": "Fri, 11 Apr 2100 11:47:06 GMT"}),
    Row("a file is no attachment", {}, "/static/app.js", ok(SOURCES["app.js"], content_disposition=None)),
    Row("what is missing", {}, "/static/none.css", Answer(404, {"cache-control": None}), NO_STORE,
        because="RFC 9111 §4.2.2: a 404 may be kept by heuristics"),
    Row("the manifest", {}, "/static/staticfiles.json", ok(), NO_STORE, Answer(404),
        because=f"{PAGE}: what is never public"),
    Row("a relative STATIC_URL", {"STATIC_URL": "static/"}, HASHED, ok(SOURCES["app.js"])),
    Row("FORCE_SCRIPT_NAME", {"FORCE_SCRIPT_NAME": "/sub", "STATIC_URL": "/sub/static/"}, "/static/app.js",
        ok(SOURCES["app.js"])),
    # --- settings
    Row("MAX_AGE", {"MAX_AGE": 600}, "/static/app.js", ok(cache_control="max-age=600, public")),
    Row("MAX_AGE of None", {"MAX_AGE": None}, "/static/app.js", ok(cache_control=None)),
    Row("INDEX_FILE", {"INDEX_FILE": True}, "/static/docs/", ok(SOURCES["docs/index.html"])),
    Row("INDEX_FILE by its name", {"INDEX_FILE": True}, "/static/docs/index.html", to("./")),
    Row("INDEX_FILE without the slash", {"INDEX_FILE": True}, "/static/docs", to("docs/"), to("./docs/"),
        because="RFC 3986 §5.2.4: the same URL"),
    Row("MIMETYPES", {"MIMETYPES": {".foo": "application/x-foo"}}, "/static/x.foo",
        ok(content_type="application/x-foo")),
    Row("CHARSET", {"CHARSET": "iso-8859-1"}, "/static/site.css",
        ok(content_type='text/css; charset="iso-8859-1"'), ok(content_type="text/css; charset=iso-8859-1"),
        because="RFC 9110 §8.3.1: quoted or not, the value of a parameter is the same"),
    Row("ALLOW_ALL_ORIGINS", {"ALLOW_ALL_ORIGINS": False}, "/static/site.css",
        ok(access_control_allow_origin=None)),
    Row("ADD_HEADERS_FUNCTION", {"ADD_HEADERS_FUNCTION": add_headers}, "/static/site.css",
        ok(x_url="/static/site.css")),
    Row("STATIC_PREFIX", {"STATIC_PREFIX": "/assets/"}, "/assets/site.css", ok(CSS)),
    Row("IMMUTABLE_FILE_TEST", REGEX, "/static/site.css", TEN_YEARS, FOREVER, SHORT, because=A_YEAR),
    Row("IMMUTABLE_FILE_TEST and a name with a hash", REGEX, HASHED, SHORT, FOREVER, TEN_YEARS, because=NO_DOUBT),
    Row("KEEP_ONLY_HASHED_FILES", {"KEEP_ONLY_HASHED_FILES": True}, HASHED, ok(SOURCES["app.js"])),
    Row("KEEP_ONLY_HASHED_FILES and a name without", {"KEEP_ONLY_HASHED_FILES": True}, "/static/app.js", Answer(404),
        ok(SOURCES["app.js"]), because=f"{PAGE}: names without a hash are answered from the release"),
    Row("SKIP_COMPRESS_EXTENSIONS", {"SKIP_COMPRESS_EXTENSIONS": ("CSS",)}, "/static/site.css",
        ok(CSS, content_encoding=None, vary=None), headers={"Accept_Encoding": "gzip, br"}),
    # --- finders in production
    *(
        row
        for refresh in (False, True)
        for row in (
            Row(f"a finder, autorefresh {refresh}", FINDERS | {"AUTOREFRESH": refresh}, "/static/app.js",
                ok(SOURCES["app.js"])),
            Row(f"an index file of a finder, autorefresh {refresh}", FINDERS | {"AUTOREFRESH": refresh},
                "/static/docs/", ok(SOURCES["docs/index.html"])),
            Row(f"its own name, autorefresh {refresh}", FINDERS | {"AUTOREFRESH": refresh},
                "/static/docs/index.html", to("./")),
            Row(f"a directory of a finder, autorefresh {refresh}", FINDERS | {"AUTOREFRESH": refresh},
                "/static/docs", to("docs/"), to("./docs/"), because="RFC 3986 §5.2.4: the same URL"),
            Row(f"no file of a finder, autorefresh {refresh}", FINDERS | {"AUTOREFRESH": refresh},
                "/static/test%E2%98%BA", Answer(404)),
        )
    ),
    Row("AUTOREFRESH looks into STATIC_ROOT", {"AUTOREFRESH": True}, "/static/site.css", ok(CSS)),
    Row("DEBUG looks at the sources", {"DEBUG": True}, "/static/site.css", ok(CSS, cache_control="max-age=0, public")),
    Row("DEBUG without AUTOREFRESH", {"DEBUG": True, "AUTOREFRESH": False}, "/static/site.css",
        ok(CSS, cache_control="max-age=0, public")),
    Row("DEBUG without finders", {"DEBUG": True, "USE_FINDERS": False}, "/static/site.css", ok(CSS)),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")  # ServeStatic wants to be in INSTALLED_APPS
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_holds(folder: Path, stack: str, row: Row) -> None:
    settings = {
        name: value.replace("{folder}", str(folder)) if name == "ROOT" else value
        for name, value in row.settings.items()
    }
    theirs = {"whitenoise": row.theirs, "servestatic": row.servestatic or row.theirs}
    reply = started(folder, stack, **settings).get(row.target, **row.headers)
    assert theirs.get(stack, row.ours or row.theirs).differs(reply) == []


def test_every_difference_is_argued_and_nothing_else() -> None:
    assert [row.name for row in ROWS if bool(row.ours) != bool(row.because)] == []


# --- what happens after the start


@pytest.mark.parametrize(("refresh", "status"), [(False, 404), (True, 200)])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_source_that_is_new_is_seen_with_autorefresh(folder: Path, stack: str, refresh: bool, status: int) -> None:
    site = started(folder, stack, USE_FINDERS=True, AUTOREFRESH=refresh, STATIC_ROOT=None)
    write(folder / "src", {"new.txt": b"new"})
    assert site.get("/static/new.txt").status == status


@pytest.mark.parametrize("stack", OURS)
def test_a_source_goes_before_what_was_collected(folder: Path, stack: str) -> None:
    project = Project(folder, stack, {"USE_FINDERS": True})
    project.collect()
    write(folder / "src", {"site.css": b"edited"})
    assert project.start().get("/static/site.css").body == b"edited"


GENERATED = {"CACHE/css/output.abcdef.css": b"a{}", "jsi18n/de.js": b"let de"}
COMPRESSOR = "/static/CACHE/css/output.abcdef.css"


@pytest.mark.parametrize(
    ("stack", "before", "after"),
    [("whitenoise", 200, 404), ("servestatic", 404, 404), *((ours, 200, 200) for ours in OURS)],
)
def test_files_made_by_others_in_static_root(
    folder: Path, stack: str, before: int, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if stack not in OURS:
        pytest.importorskip(stack, reason=f"needs {stack}")
    monkeypatch.setattr("clearway.catalog.directory_files.RELIST_AFTER", -1)
    site = started(folder, stack, placed=GENERATED)
    assert site.get(COMPRESSOR).status == site.get("/static/jsi18n/de.js").status == before
    write(folder / "static_root", {"CACHE/css/later.abcdef.css": b"b{}"})
    assert site.get("/static/CACHE/css/later.abcdef.css").status == after


@pytest.mark.parametrize(
    ("stack", "expected"),
    [("whitenoise", SHORT), ("servestatic", Answer(404)), *((ours, FOREVER) for ours in OURS)],
)
def test_a_hashed_file_of_the_release_before(folder: Path, stack: str, expected: Answer) -> None:
    if stack not in OURS:
        pytest.importorskip(stack, reason=f"needs {stack}")
    old = started(folder, stack).urls["site.css"]
    write(folder / "src", {"site.css": b"new"})
    new = started(folder, stack)
    assert new.urls["site.css"] != old
    assert expected.differs(new.get(old)) == []


# --- the two edits, one at a time


@pytest.mark.parametrize("peer", ["whitenoise", "servestatic"])
def test_the_middleware_alone_serves_what_the_peer_s_storage_collected(folder: Path, peer: str) -> None:
    pytest.importorskip(peer, reason=f"needs {peer}")
    before = started(folder, peer)
    prefix, _, storage = STACKS[peer]
    own = {"STORAGES": {**STORAGES, "staticfiles": {"BACKEND": storage}}, f"{prefix}MAX_AGE": 600}
    project = Project(folder, f"clearway after {peer}")
    with project.settings(), override_settings(**own):
        site = Started(project, WSGIHandler(), before.urls)
    assert FOREVER.differs(site.get(HASHED)) == []
    assert ok(SOURCES["app.js"], cache_control="max-age=600, public").differs(site.get("/static/app.js")) == []
    assert ok(content_encoding="br").differs(site.get(HASHED, Accept_Encoding="br")) == []


@pytest.mark.parametrize("peer", ["whitenoise", "servestatic"])
def test_after_both_edits_the_pages_of_the_deploy_before_keep_their_files(folder: Path, peer: str) -> None:
    pytest.importorskip(peer, reason=f"needs {peer}")
    old = started(folder, peer).urls["site.css"]
    write(folder / "src", {"site.css": b"new"})
    assert FOREVER.differs(started(folder, f"clearway after {peer}").get(old)) == []


# --- the storage


@pytest.mark.parametrize("stack", OURS)
@pytest.mark.parametrize("strict", [None, True, False])
def test_manifest_strict(folder: Path, stack: str, strict: bool | None) -> None:
    project = Project(folder, stack, {} if strict is None else {"MANIFEST_STRICT": strict})
    project.collect()
    write(folder / "static_root", {"docs/late.css": b"late"})
    with project.settings():
        if strict is False:
            assert re.fullmatch(r"/static/docs/late\.[0-9a-f]{12}\.css", static("docs/late.css"))
        else:
            with pytest.raises(ValueError, match=r"docs/late\.css"):
                static("docs/late.css")


@pytest.mark.parametrize("stack", OURS)
@pytest.mark.parametrize("keeps_only_hashed", [False, True])
def test_keep_only_hashed_files_decides_what_is_on_the_disk(folder: Path, stack: str, keeps_only_hashed: bool) -> None:
    Project(folder, stack, {"KEEP_ONLY_HASHED_FILES": keeps_only_hashed}).collect()
    names = {path.name for path in (folder / "static_root").iterdir()}
    assert ("site.css" in names) is not keeps_only_hashed
    assert {"staticfiles.json"} <= names


@pytest.mark.parametrize(
    ("more", "suffixes"),
    [
        ({}, {".br", ".gz", ".zst"}),
        ({"USE_GZIP": False}, {".br", ".zst"}),
        ({"USE_BROTLI": False, "USE_ZSTD": False}, {".gz"}),
        ({"USE_GZIP": False, "USE_BROTLI": False, "USE_ZSTD": False}, set()),
        ({"ZSTD_LEVEL": 3, "USE_GZIP": False, "USE_BROTLI": False}, {".zst"}),
        ({"ZSTD_DICTIONARY": b"anything"}, {".br", ".gz", ".zst"}),
    ],
)
def test_the_codings_of_servestatic_s_settings(folder: Path, more: dict[str, Any], suffixes: set[str]) -> None:
    Project(folder, "clearway after servestatic", more).collect()
    found = {path.suffix for path in (folder / "static_root").glob("site.*") if path.suffix != ".css"}
    assert found == suffixes


def test_minify_is_of_every_coding(folder: Path) -> None:
    site = started(folder, "clearway after servestatic", MINIFY=True)
    assert site.get("{site.css}").body == b"body{color:#123456}" * 60
    assert site.get("{site.css}", Accept_Encoding="gzip")["ETag"] != site.get("{site.css}")["ETag"]


@pytest.mark.parametrize("stack", OURS)
def test_a_type_of_the_project_s_decides_what_is_encoded(folder: Path, stack: str) -> None:
    write(folder / "src", {"shader.vtx": b"void main() {}\n" * 50})
    site = started(folder, stack, MIMETYPES={".vtx": "text/x-vertex"})
    reply = site.get("/static/shader.vtx", Accept_Encoding="br")
    assert (reply["Content-Type"], reply["Content-Encoding"]) == ("text/x-vertex; charset=utf-8", "br")


@pytest.mark.parametrize("stack", ["servestatic", "clearway after servestatic"])
def test_links_that_lead_out_are_followed_where_servestatic_was_told_to(folder: Path, stack: str) -> None:
    pytest.importorskip("servestatic", reason="needs servestatic")
    write(folder / "other", {"linked.txt": b"linked"})
    (folder / "www" / "linked.txt").symlink_to(folder / "other" / "linked.txt")
    told, not_told = (
        started(folder, stack, ROOT=str(folder / "www"), **more).get("/linked.txt")
        for more in ({"ALLOW_UNSAFE_SYMLINKS": True}, {})
    )
    assert (told.status, told.body, not_told.status) == (200, b"linked", 404)
