"""What `clearway front apache` writes, run by the real Apache before the demo: codings, caching, bad requests."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import brotli
import pytest
from tests.bad_input.cases import GROUPS
from tests.bad_input.judge import SECRETS, exchange, parse
from tests.bad_input.site import FORGED, make_site
from tests.helpers.released import ENCODE
from tests.helpers.wsgi import wsgi
from tests.system.browser import chromium
from tests.system.raw import Answer, Connection
from tests.system.real_apache import apache, complaints, written
from tests.system.real_nginx import application
from tests.system.servers import free_port

from clearway.catalog.release import Release
from clearway.fronts.apache.writing import write as write_configuration
from clearway.fronts.site import Place, Site
from clearway.stores.decode import decoded
from clearway.wsgi import Clearway

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]
REPOSITORY = Path(__file__).parents[2]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
UPLOADS = {"photo.png": b"png", "page.html": b"<p>", "drawing.svg": SVG, "sheet.xml": b"<a/>", ".secret": b"secret"}
CODINGS = {"br": "br", "gzip": "gzip", "zstd": "zstd"}


@dataclass(frozen=True)
class Front:
    """The running Apache, what it serves, and the project behind it."""

    port: int
    home: Path
    release: Release
    main: Path
    clearway: Clearway

    @property
    def css(self) -> str:
        return f"/static/{self.release.assets['admin/css/base.css'].name}"

    def ask(self, target: str, method: str = "GET", **fields: str) -> Answer:
        with Connection(self.port) as line:
            return line.ask(target, method, **fields)


def clearway(home: Path, *words: str, code: int = 0) -> str:
    """The command, in the demo."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    environ |= {"SHOP_VAR": str(home / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=home / "shop", env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def listening(text: str, port: int) -> str:
    return text.replace("<VirtualHost *:80>", f"<VirtualHost *:{port}>")


@contextmanager
def opened() -> Iterator[Path]:
    """A directory that every user may enter."""
    with TemporaryDirectory(prefix="clearway-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    with opened() as home, application() as behind:
        shutil.copytree(
            REPOSITORY / "examples" / "shop", home / "shop", ignore=shutil.ignore_patterns("var", "__pycache__")
        )
        clearway(home, "collectstatic", "--noinput")
        (home / "var" / "media").mkdir(exist_ok=True)
        for name, data in UPLOADS.items():
            (home / "var" / "media" / name).write_bytes(data)
        for path in (home / "var", home / "var" / "static", home / "var" / "media"):
            path.chmod(0o755)
        port = free_port()
        text = clearway(home, "clearway", "front", "apache", "--upstream", f"127.0.0.1:{behind}")
        main = written(home, listening(text, port), port)
        assert complaints(main) == ""
        records = home / "var" / "static" / ".clearway"
        id_ = (records / "current").read_text().strip()
        release = Release.from_bytes((records / "releases" / f"{id_}.json").read_bytes())
        with apache(main, port):
            yield Front(port, home, release, main, Clearway(root=home / "var" / "static", prefix="static"))


# --- codings


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd, gzip", "zstd"),
        ("gzip, br;q=0", "gzip"),
        ("br;q=0, gzip;q=0.0, zstd;q=0.001", "zstd"),
        ("br;q=0,gzip;q=0,zstd;q=0", ""),
        ("gzip, *", "br"),
        ("gzip, *;q=0", "gzip"),
        ("*", ""),
        ("", ""),
        ("identity", ""),
        ("deflate", ""),
        ("BR", "br"),
        ("x-gzip", "x-gzip"),  # by the name that was asked for
    ],
)
def test_the_client_chooses_the_coding(front: Front, accepted: str, coding: str) -> None:
    plain = front.ask(front.css)
    answer = front.ask(front.css, accept_encoding=accepted)
    assert (answer.status, answer.fields.get("content-encoding", "")) == (200, coding)
    assert (decoded(coding.removeprefix("x-"), answer.body) if coding else answer.body) == plain.body
    assert answer.fields["vary"] == "Accept-Encoding"
    assert (answer.fields["etag"] == plain.fields["etag"]) == (not coding)


def test_without_the_field_nothing_is_encoded(front: Front) -> None:
    assert "content-encoding" not in front.ask(front.css).fields


def test_chromium_gets_brotli(front: Front) -> None:
    with chromium() as browser:
        page = browser.new_page()
        answer = page.goto(f"http://localhost:{front.port}{front.css}".replace("localhost", "127.0.0.1"))
        assert answer is not None
        assert (answer.status, answer.headers["content-encoding"]) == (200, "br")


# --- beside the answers in process

COMPARED = (
    "content-type",
    "cache-control",
    "content-encoding",
    "x-content-type-options",
    "access-control-allow-origin",
)


def test_every_published_file_is_answered_as_in_process(front: Front) -> None:
    different = []
    for asset in front.release.assets.values():
        target = f"/static/{asset.name}"
        for accepted in ("identity", *asset.variants):
            got, due = (
                front.ask(target, accept_encoding=accepted),
                wsgi(front.clearway, target, "GET", {"Accept-Encoding": accepted}),
            )
            fields = [name for name in COMPARED if got.fields.get(name) != dict(due.fields).get(name)]
            if got.status != due.status or got.length != len(due.body) or fields:
                different.append((target, accepted, got.status, fields))
    assert different == []
    assert len(front.release.assets) > 100


def test_unhashed_names_are_kept_briefly(front: Front) -> None:
    answer = front.ask("/static/admin/css/base.css", accept_encoding="br")
    assert (answer.status, answer.fields["cache-control"]) == (200, "max-age=60, public")
    assert "content-encoding" not in answer.fields


# target, method, fields, the status; by Apache's own rules where it is not that in process: the reason
TABLE: list[tuple[str, str, dict[str, str], int, str]] = [
    ("css", "GET", {}, 200, ""),
    ("css", "HEAD", {}, 200, ""),
    ("css", "OPTIONS", {}, 204, ""),
    ("css", "DELETE", {}, 405, ""),
    ("css", "POST", {}, 405, ""),
    ("css", "GET", {"If-None-Match": "*"}, 304, ""),
    ("css", "GET", {"If-None-Match": '"another"'}, 200, ""),
    ("css", "GET", {"If-Match": '"another"'}, 412, ""),
    ("css", "GET", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200, "no date of the future counts"),
    ("css", "GET", {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200, ""),
    ("css", "GET", {"If-Modified-Since": "yesterday"}, 200, ""),
    ("css", "GET", {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 412, ""),
    ("css", "GET", {"Range": "bytes=5-9"}, 206, ""),
    ("css", "GET", {"Range": "bytes=5-9", "Accept-Encoding": "br"}, 206, ""),
    ("css", "GET", {"Range": "bytes=5-9", "If-Range": '"another"'}, 200, ""),
    ("css", "GET", {"Range": "bytes=999999-"}, 416, ""),
    ("css", "GET", {"Range": "lines=1-2"}, 200, ""),
    ("css", "HEAD", {"Range": "bytes=5-9"}, 206, "Apache takes ranges of HEAD"),
    ("/static/none.css", "GET", {}, 404, ""),
    ("/static/none.css", "HEAD", {}, 404, ""),
    ("/static/admin", "GET", {}, 404, ""),
    ("/static/admin/", "GET", {}, 404, ""),
    ("/static/", "GET", {}, 404, ""),
    ("/static/.clearway/current", "GET", {}, 404, ""),
    ("/static/.clearway/", "GET", {}, 404, ""),
    ("/static/staticfiles.json", "GET", {}, 404, ""),
    ("css.br", "GET", {}, 404, ""),
    ("/static/admin/css/.%2e/css/base.css", "GET", {}, 200, "Apache resolves dot segments first"),
    ("/static//admin/css/base.css", "GET", {}, 200, "Apache merges slashes first"),
]


@pytest.mark.parametrize(("target", "method", "fields", "status", "reason"), TABLE)
def test_the_table_of_conformance(
    front: Front, target: str, method: str, fields: dict[str, str], status: int, reason: str
) -> None:
    path = target.replace("css", front.css, 1) if target.startswith("css") else target
    with Connection(front.port) as line:
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        line.socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        found, sent = line.head()
    got = {name.lower(): value for name, value in sent}
    # Apache adds an empty Allow of its own: the two are one list (RFC 9110 §5.3).
    allow = {each.strip() for name, value in sent if name.lower() == "allow" for each in value.split(",")} - {""}
    due = wsgi(front.clearway, path, method, fields)
    assert found == status
    assert (found == due.status) != bool(reason)
    assert got["x-content-type-options"] == "nosniff"
    assert got["access-control-allow-origin"] == "*"
    if status >= 400:
        assert got["cache-control"] == "no-store"
    if status in {204, 405}:
        assert allow == {"GET", "HEAD", "OPTIONS"}
    if status in {200, 206, 304}:
        assert "max-age=" in got["cache-control"]
        assert got["vary"] == "Accept-Encoding"


# --- media


@pytest.mark.parametrize(
    ("name", "kind", "type_"),
    [
        ("photo.png", "inline", "image/png"),
        ("page.html", "attachment", "text/html; charset=utf-8"),
        ("drawing.svg", "attachment", "image/svg+xml"),
        ("sheet.xml", "attachment", "application/xml"),
    ],
)
def test_users_files_are_harmless(front: Front, name: str, kind: str, type_: str) -> None:
    answer = front.ask(f"/media/{name}")
    assert (answer.status, answer.fields["content-disposition"], answer.fields["content-type"]) == (200, kind, type_)
    assert answer.fields["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.fields["x-content-type-options"] == "nosniff"
    assert answer.fields["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("name", [".secret", "", "none.png", "../shop.sqlite3", "..%2fshop.sqlite3"])
def test_what_is_no_upload_is_not_answered(front: Front, name: str) -> None:
    answer = front.ask(f"/media/{name}")
    assert answer.status == 404 or "x-application" in answer.fields


# --- the application


def test_the_application_is_told_of_host_and_scheme(front: Front) -> None:
    told = json.loads(front.ask("/admin/?a=b", host="shop.example").body)
    fields = {name.lower(): value for name, value in told["fields"].items()}
    assert told["path"] == "/admin/?a=b"
    assert (fields["host"], fields["x-forwarded-proto"], fields["x-forwarded-for"]) == (
        "shop.example",
        "http",
        "127.0.0.1",
    )


def test_an_upload_passes_that_django_takes(front: Front) -> None:
    body = b"x" * (3 << 20)
    with Connection(front.port) as line:
        assert json.loads(line.ask("/admin/", "POST", body).body)["length"] == len(body)


# --- what the other verbs say of it


def test_the_check_has_nothing_to_say(front: Front) -> None:
    assert "all that the project needs" in clearway(
        front.home, "clearway", "front", "apache", "--check", str(front.main)
    )


def test_the_trace_agrees_with_the_live_server(front: Front) -> None:
    targets = (
        front.css,
        "/static/admin/css/base.css",
        "/static/.clearway/current",
        "/media/page.html",
        "/media/photo.png",
    )
    urls = [f"http://127.0.0.1:{front.port}{target}" for target in targets]
    words = ["clearway", "trace", "--apache", str(front.main), "--probe", "--format", "json", *urls]
    for line in clearway(front.home, *words).splitlines():
        road: dict[str, Any] = json.loads(line)
        assert road["steps"][-1]["layer"] == "probe"
        assert "answers the same" in road["steps"][-1]["decision"]


def test_the_snippet_is_the_inside_of_a_host(front: Front) -> None:
    told = clearway(front.home, "clearway", "front", "apache", "--snippet")
    with opened() as home:
        main = written(home, f"<VirtualHost *:80>\n{told}\n</VirtualHost>\n", free_port())
        assert complaints(main) == ""


# --- bad requests


@pytest.fixture(scope="module")
def dangerous() -> Iterator[tuple[int, Any]]:
    """The tree of the bad requests behind a written configuration; its workers may not read all."""
    with opened() as home, application() as behind:
        site = make_site(home)
        port = free_port()
        told = Site("bad", "", ("*",), Place("/static/", str(site.root)), upstream=f"127.0.0.1:{behind}")
        main = written(home, listening("\n".join(write_configuration(told).server), port), port)
        assert complaints(main) == ""
        with apache(main, port):
            yield port, site


@pytest.mark.parametrize("group", GROUPS)
def test_bad_requests_never_leave_the_directory(dangerous: tuple[int, Any], group: str) -> None:
    port, site = dangerous
    problems = []
    for case in GROUPS[group]():
        raw = exchange(port, case.request(site))
        answer = parse(raw)
        if any(secret in raw.partition(b"\r\n\r\n")[2] for secret in SECRETS if secret not in case.request(site)):
            problems.append(f"{case}: a secret came out")
        elif answer and (answer.status >= 500 and answer.status != 505 and answer.status != 501):
            problems += [] if b"/socket.css" in case.target else [f"{case}: {answer.status}"]  # nginx's word for ENXIO
        elif answer and FORGED.lower() in answer.fields:
            problems.append(f"{case}: a forged header")
    assert problems == []


def test_the_codings_of_the_tests_are_those_of_the_decoder() -> None:
    assert set(CODINGS) == set(ENCODE)
    assert decoded("br", brotli.compress(b"a")) == decoded("gzip", gzip.compress(b"a")) == b"a"
