"""Private files and large uploads behind each real server, with the configuration that is written for a project."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from django.http import HttpRequest
from django.test import override_settings
from tests.system import real_apache
from tests.system.fronts import SERVERS, opened
from tests.system.raw import Answer, Connection
from tests.system.real_nginx import Application, application
from tests.system.servers import free_port

from clearway.fronts.handing import PASSED_ON
from clearway.fronts.site import Place, Private, Site
from clearway.media.private import PrivateStorage
from clearway.policy.media import CONTENT_POLICY

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

ROAD = {"nginx": "x-accel", "caddy": "x-sendfile", "apache": "x-sendfile"}
LIMIT = 300_000
NAMES = (
    "report.pdf",
    "a b;c.txt",
    "100%.txt",
    "per%20cent.txt",
    "café.txt",
    "日本.txt",
    "q?x#y.txt",
    "plus+plus.txt",
    "quote'\".txt",
    "{http.request.uri}.txt",
    "$uri.txt",
    "deep/er/film.mp4",
    "page.html",
    "drawing.svg",
    "archive.tar.gz",
)
OUTSIDE = ("../secret.txt", "deep/../../secret.txt", "none.txt", "deep", "")


class View(Application):
    """What the project's view answers, by the road of the setting: `/file/NAME`, or `/raw/NAME` whatever the name."""

    def do_GET(self) -> None:
        kind, _, name = unquote(self.path).lstrip("/").partition("/")
        file = PrivateStorage().find(name if kind == "file" else "report.pdf")
        if kind not in ("file", "raw"):
            super().do_GET()
        elif file is None:
            self.send_error(410)
        else:
            answer = file.storage.road.respond(HttpRequest(), file)
            self.send_response(200)
            for field, value in [*answer.items(), *OTHERS.items(), ("Content-Length", "0")]:
                told = name.encode().decode("latin-1") if kind == "raw" and field.startswith("X-") else "report.pdf"
                self.send_header(field, value.replace("report.pdf", told))
            self.end_headers()


OTHERS = {"Set-Cookie": "a=b", "Vary": "Cookie", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True)
class Front:
    name: str
    port: int
    root: Path

    def ask(self, target: str, method: str = "GET", **fields: str) -> Answer:
        with Connection(self.port) as line:
            return line.ask(target, method, **fields)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with opened() as folder:
        root = folder / "private files"
        for name in NAMES:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(os.urandom(50_000) + name.encode())
        (folder / "secret.txt").write_bytes(b"secret")
        (root / "link.txt").symlink_to(folder / "secret.txt")
        yield folder


@pytest.fixture(scope="module", params=SERVERS)
def front(request: pytest.FixtureRequest, home: Path) -> Iterator[Front]:
    server, port, root = SERVERS[request.param], free_port(), home / "private files"
    if server.name == "apache" and not real_apache.SENDFILE.exists():
        pytest.skip("needs mod_xsendfile")
    private = Private(str(root), str(root), ROAD[server.name], "/private-files/")
    told = {"media": {"private": {"root": root, "road": private.road}}}
    media = Place("/media/", str(home / "media"))
    with override_settings(CLEARWAY=told), opened() as own, application(View) as behind:
        upstream = f"127.0.0.1:{behind}"
        site = Site(hosts=("*",), media=media, upstream=upstream, upload=LIMIT, file=LIMIT // 2, private=private)
        main = server.placed(own, "\n".join(server.written(site)), port)
        assert server.complaints(main) == ""
        with server.running(main, port):
            yield Front(server.name, port, root)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_arrives_as_the_application_describes_it(front: Front, name: str) -> None:
    answer = front.ask(f"/file/{quote(name)}", accept_encoding="gzip, br, zstd")
    file = PrivateStorage().find(name)
    assert file is not None
    got = {field.lower(): value for field, value in answer.lines}
    assert (answer.status, answer.body) == (200, (front.root / name).read_bytes())
    due = {**file.headers, **OTHERS}
    assert {field: got.get(field.lower()) for field in due} == due
    assert not {"x-accel-redirect", "x-sendfile", "content-encoding"} & got.keys()
    assert CONTENT_POLICY in got["content-security-policy"]


def test_a_part_is_a_part_of_the_file(front: Front) -> None:
    octets = (front.root / "report.pdf").read_bytes()
    first = front.ask("/file/report.pdf", range="bytes=0-1")
    (tag,) = [value for name, value in first.lines if name.lower() == "etag"]
    last = front.ask("/file/report.pdf", range="bytes=-20", if_range=tag)
    beyond = front.ask("/file/report.pdf", range="bytes=999999-")
    assert (first.status, first.body) == (206, octets[:2])
    assert (last.status, last.body) == (206, octets[-20:])
    assert beyond.status == 416
    assert front.ask("/file/report.pdf", "HEAD").status == 200


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_no_file_of_the_root_is_not_sent(front: Front, name: str) -> None:
    answer = front.ask(f"/raw/{quote(name)}")
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_a_link_is_no_private_file(front: Front) -> None:
    assert front.ask("/file/link.txt").status == 410  # of the application, which names none
    if front.name == "nginx":
        assert front.ask("/raw/link.txt").status == 403


@pytest.mark.parametrize(
    "path", ["/private-files/report.pdf", "/private-files//report.pdf", "/private-files/../private-files/report.pdf"]
)
def test_nobody_can_ask_for_it_without_the_application(front: Front, path: str) -> None:
    answer = front.ask(path)
    assert answer.status == 404 or json.loads(answer.body)["path"] == path
    assert (front.root / "report.pdf").read_bytes() not in answer.body


def test_an_upload_of_the_limit_passes(front: Front) -> None:
    with Connection(front.port) as line:
        assert json.loads(line.ask("/upload/photo.png", "POST", b"x" * LIMIT).body)["length"] == LIMIT


def test_a_larger_upload_is_told_to_a_person(front: Front) -> None:
    with Connection(front.port) as line:
        answer = line.ask("/upload/photo.png", "POST", b"x" * (LIMIT + 1))
    assert (answer.status, answer.fields["content-type"].partition(";")[0]) == (413, "text/html")
    assert b"One file may have 146.4 KB, all of a form 292.9 KB." in answer.body


def test_what_nginx_drops_is_written_once() -> None:
    assert len({name.lower() for name in PASSED_ON}) == len(PASSED_ON)
