"""Private files on every road: real servers, alone and behind real fronts, and one set of answers."""

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from tests.bad_input.cases import CLIMBS, SLASHES
from tests.bad_input.judge import exchange
from tests.system import apache, real_apache
from tests.system.every_server import Command, daphne, granian, gunicorn, hypercorn, uvicorn, uwsgi
from tests.system.fronts import SERVERS, opened
from tests.system.raw import Answer, Connection
from tests.system.served_site import APPLICATIONS
from tests.system.servers import Server, environment_for, free_port, running

from clearway.fronts.site import Private, Site
from clearway.policy.media import CONTENT_POLICY

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

WSGI, ASGI, WRAPPED = (f"keeping_private:by_{each}" for each in ("wsgi", "asgi", "clearway"))
MANY = 20  # more than any of these servers has threads
THREADS = ("gthread", WSGI, "--threads=4")


@dataclass(frozen=True)
class Way:
    """A server, the road of the setting, and what stands before the server.

    bounded  it waits for a slow client, instead of keeping all of the answer in memory
    bears    downloads that nobody reads, beside which another request is answered
    missing  why this system cannot run it
    """

    command: Command
    road: str = "auto"
    front: str = ""
    view: str = "sync"
    bounded: bool = True
    bears: int = 3
    missing: Callable[[], str | None] = lambda: None


def missing_sendfile() -> str | None:
    return apache.missing() or (None if real_apache.SENDFILE.exists() else "needs mod_xsendfile")


def mod_wsgi(*directives: str) -> Command:
    """Django within Apache, which is told these directives too."""

    def command(home: Path) -> list[str]:
        words = apache.command(home, WSGI)
        with (home / "keeping_private.conf").open("a", encoding="utf-8") as conf:
            conf.write("\n".join(each.replace("{home}", str(home)) for each in directives))
        return words

    return command


SENDFILE = (f"LoadModule xsendfile_module {real_apache.SENDFILE}", "XSendFile On", "XSendFilePath {home}/private")
WAYS = {
    "gunicorn sync": Way(gunicorn("sync", WSGI), bears=0),
    "gunicorn gthread": Way(gunicorn(*THREADS)),
    "gunicorn gthread, async view": Way(gunicorn(*THREADS), view="async"),
    "gunicorn, lane": Way(gunicorn("clearway.gunicorn.ThreadWorker", WSGI, "--threads=4")),
    "uwsgi": Way(uwsgi(WSGI, "--http-socket=127.0.0.1:{port}")),
    "granian wsgi": Way(granian("wsgi", WSGI)),
    "mod_wsgi": Way(mod_wsgi(), missing=apache.missing),
    "mod_wsgi, x-sendfile": Way(mod_wsgi(*SENDFILE), "x-sendfile", bears=MANY, missing=missing_sendfile),
    "uvicorn": Way(uvicorn(ASGI), bears=MANY),
    "uvicorn, async view": Way(uvicorn(ASGI), view="async", bears=MANY),
    "granian, pathsend": Way(granian("asgi", WRAPPED), "pathsend", view="async", bears=MANY),
    "granian, stream": Way(granian("asgi", WRAPPED), "stream", bears=MANY),
    "hypercorn": Way(hypercorn("asyncio", ASGI), view="async", bears=MANY),
    "daphne": Way(daphne(ASGI), view="async", bounded=False, bears=2),
    "nginx, x-accel": Way(gunicorn(*THREADS), "x-accel", "nginx", bears=MANY),
    "apache, x-sendfile": Way(gunicorn(*THREADS), "x-sendfile", "apache", bears=MANY, missing=missing_sendfile),
    "caddy, x-sendfile": Way(uvicorn(ASGI), "x-sendfile", "caddy", bears=MANY),
}
in_process = pytest.mark.parametrize(
    "way",
    [name for name, way in WAYS.items() if way.road != "x-sendfile" and not way.front],
    indirect=True,
    scope="module",
)
waiting = pytest.mark.parametrize(
    "way", [name for name, way in WAYS.items() if way.bounded], indirect=True, scope="module"
)
waiting_in_process = pytest.mark.parametrize(
    "way",
    [name for name, way in WAYS.items() if way.bounded and way.road != "x-sendfile" and not way.front],
    indirect=True,
    scope="module",
)
LARGE = random.Random(9).randbytes(60_000_000)
MIDDLE = random.Random(10).randbytes(700_000)
FILES = {
    "photo.png": b"\x89PNG\r\n\x1a\n" + b"p" * 100,
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg/>",
    "archive.tar.gz": b"\x1f\x8b",
    "empty.txt": b"",
    "deep/er/film.mp4": MIDDLE,
    "per%20cent%2fs.txt": b"percent",
    "café 100%; a&b+c=d#e?.txt": b"odd",
    "日本.png": b"\x89PNG\r\n\x1a\n",
    "large.mp4": LARGE,
}
OUTSIDE = b"SECRET of the neighbour"
FIELDS = (
    "content-type",
    "content-disposition",
    "content-security-policy",
    "cross-origin-resource-policy",
    "x-content-type-options",
    "cache-control",
    "content-encoding",
)


@dataclass(frozen=True)
class Running:
    """A way that runs: `port` is the front's, or that of the server itself."""

    way: Way
    port: int
    server: Server
    home: Path

    def ask(self, name: str, method: str = "GET", **fields: str) -> Answer:
        with Connection(self.port) as line:
            return line.ask(f"/private/{name}", method, **fields)


def fields_of(answer: Answer) -> dict[str, str]:
    """By lower-case name. nginx sends what is added to a 416 twice, and Caddy the names of two servers."""
    fields: dict[str, str] = {}
    for name, value in answer.lines:
        assert fields.get(name.lower(), value) == value or name == "Server", answer.lines
        fields[name.lower()] = value
    return fields


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with opened() as folder:
        shutil.copy(APPLICATIONS / "keeping_private.py", folder)
        root = folder / "private"
        for name, content in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
            os.utime(root / name, (1_700_000_000, 1_700_000_000))  # a date of the last minute is no strong validator
        (folder / "private-evil").mkdir()
        for place in ("secret.txt", "private-evil/secret.txt"):
            (folder / place).write_bytes(OUTSIDE)
        (root / "link.txt").symlink_to(folder / "secret.txt")
        (root / "linked").symlink_to(folder / "private-evil")
        os.mkfifo(root / "fifo.png")
        if os.geteuid() == 0:
            os.mknod(root / "device.png", 0o644 | 0o020000, os.makedev(1, 5))
        (root / ".hidden").write_bytes(OUTSIDE)
        (folder / "denied").touch()
        yield folder


@contextmanager
def started(name: str, home: Path) -> Iterator[Running]:
    way = WAYS[name]
    if why := way.missing():
        pytest.skip(why)
    environ = environment_for(home) | {"ROAD": way.road, "VIEW": way.view}
    with ExitStack() as stack:
        log = home / f"{name}.log"
        server = stack.enter_context(running(way.command(home), cwd=home, environ=environ, log=log))
        port = stack.enter_context(fronted(way, server.port, home)) if way.front else server.port
        yield Running(way, port, server, home)


@contextmanager
def fronted(way: Way, behind: int, home: Path) -> Iterator[int]:
    """With the configuration that `clearway front` writes."""
    front, port, root = SERVERS[way.front], free_port(), str(home / "private")
    private = Private(root, root, way.road, "/private-files/")
    site = Site(hosts=("*",), upstream=f"127.0.0.1:{behind}", private=private)
    with opened() as own:
        main = front.placed(own, "\n".join(front.written(site)), port)
        assert front.complaints(main) == ""
        with front.running(main, port):
            yield port


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest, home: Path) -> Iterator[Running]:
    with started(request.param, home) as it:
        yield it


# what each file is sent as, on every road
TYPES = {
    "photo.png": ("image/png", "inline"),
    "page.html": ("text/html; charset=utf-8", "attachment"),
    "drawing.svg": ("image/svg+xml", "attachment"),
    "archive.tar.gz": ("application/gzip", "attachment"),
    "empty.txt": ("text/plain; charset=utf-8", "attachment"),
    "deep/er/film.mp4": ("video/mp4", "inline"),
    "per%20cent%2fs.txt": ("text/plain; charset=utf-8", "attachment"),
    "café 100%; a&b+c=d#e?.txt": ("text/plain; charset=utf-8", "attachment"),
    "日本.png": ("image/png", "inline"),
}


def test_the_same_octets_and_fields_on_every_road(way: Running) -> None:
    for name, (type_, kind) in TYPES.items():
        answer = way.ask(quote(name), accept_encoding="gzip, br, zstd")
        seen = {field: fields_of(answer).get(field) for field in FIELDS}
        assert (answer.status, answer.body) == (200, FILES[name])
        assert (seen.pop("content-disposition") or "").startswith(f"{kind}; filename=")
        assert seen == {
            "content-type": type_,
            "content-security-policy": CONTENT_POLICY,
            "cross-origin-resource-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
            "content-encoding": None,
        }
        assert not {"x-accel-redirect", "x-sendfile"} & fields_of(answer).keys()
        head = way.ask(quote(name), "HEAD")
        length = fields_of(head).get("content-length", "0")  # Apache leaves out that there is nothing
        assert (head.status, length) == (200, str(len(FILES[name])))


def test_a_player_gets_what_it_asks_for(way: Running) -> None:
    name = "deep/er/film.mp4"
    head = way.ask(name, "HEAD")
    etag, modified, size = fields_of(head)["etag"], fields_of(head)["last-modified"], len(MIDDLE)
    parts = (("0-1", 0, 2), ("0-", 0, size), ("300000-599999", 300_000, 600_000), ("-5", size - 5, size))
    for asked, start, end in parts:  # the first is what Safari begins with
        part = way.ask(name, range=f"bytes={asked}", if_range=etag)
        assert part.length == end - start
        if part.length < size or part.status != 200:  # all of it, which Apache sends as what it is
            assert part.status == 206
            assert fields_of(part)["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.body == MIDDLE[start:end][: len(part.body)]
        assert fields_of(part)["cache-control"] == "private, no-store"
        assert fields_of(part)["x-content-type-options"] == "nosniff"
    assert way.ask(name, range="bytes=5-9", if_range=modified).status == 206
    assert way.ask(name, range="bytes=5-9", if_range='"another"').length == size
    assert way.ask(name, if_none_match=etag).status == 304
    beyond = way.ask(name, range=f"bytes={size}-")
    assert (beyond.status, fields_of(beyond).get("content-range", f"bytes */{size}")) == (416, f"bytes */{size}")


def test_a_permission_that_changes_counts_for_the_next_request_of_any_kind(way: Running) -> None:
    etag = fields_of(way.ask("photo.png"))["etag"]
    kinds = ({}, {"range": "bytes=0-1"}, {"if_none_match": etag}, {"if_none_match": "*"}, {"if_match": '"x"'})
    try:
        (way.home / "denied").write_text("photo.png\n")
        nothing = way.ask("none.png")
        for fields in kinds:
            answer = way.ask("photo.png", **fields)
            assert (answer.status, answer.body) == (404, nothing.body)
            assert set(fields_of(answer)) == set(fields_of(nothing))
        assert way.ask("photo.png", "HEAD").status == 404
    finally:
        (way.home / "denied").write_text("")
    assert way.ask("photo.png", if_none_match=etag).status == 304
    assert way.ask("photo.png").status == 200


@waiting
def test_a_large_file_costs_the_application_no_memory(way: Running) -> None:
    way.ask("deep/er/film.mp4")
    before = way.server.memory()
    answer = way.ask("large.mp4")
    assert answer.length == len(LARGE)
    part = way.ask("large.mp4", range="bytes=1000000-")
    assert part.length == len(LARGE) - 1_000_000
    assert way.server.memory() - before < 5_000_000


def test_a_spoofed_field_hands_over_nothing(way: Running) -> None:
    head = (
        b"GET /private/photo.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"X-Accel-Redirect: /private-files/page.html\r\nX_Accel_Redirect: /private-files/page.html\r\n"
        b"X-Sendfile: /etc/passwd\r\nX-Sendfile-Type: X-Accel-Redirect\r\nX_Sendfile: /etc/passwd\r\n\r\n"
    )
    raw = exchange(way.port, head)
    assert raw.startswith(b"HTTP/1.1 200")
    assert raw.endswith(FILES["photo.png"])
    if way.way.front == "nginx":
        assert exchange(way.port, b"GET /private-files/photo.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[
            9:12
        ] == (b"404")


def test_no_bad_request_leaves_the_directory_or_tells_what_is_there(way: Running) -> None:
    nothing = way.ask("none.png")
    names = (
        b"link.txt", b"linked/secret.txt", b"linked", b"fifo.png", b"device.png", b"deep", b"deep/", b".hidden",
        b"photo.png/", b"photo.png%00", b"photo.png%0a", b"photo.png%0d%0aX-Evil:1", b"deep//er/film.mp4x",
        b"%2e%2e/secret.txt", b"..%2fsecret.txt", b"..%252fsecret.txt", b"-evil/secret.txt", b"%5c%5chost%5cx", b"NUL",
        b"n" * 300, b"a/" * 3000, b"%ff%fe.png", b"//secret.txt", b"large.mp4::$DATA",
    )  # fmt: skip
    climbs = [climb + slash for climb in CLIMBS for slash in SLASHES]
    for name in (*names, *(each + b"secret.txt" for each in climbs)):
        raw = exchange(way.port, b"GET /private/%b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % name)
        status = int(raw[9:12] or b"400")
        assert status in {301, 302, 308, 400, 403, 404, 414}, (name, raw[:80])
        assert OUTSIDE not in raw
        assert b"x-evil" not in raw.lower()
        if b"private, no-store" in raw:  # the answer of the view
            assert nothing.body in raw.partition(b"\r\n\r\n")[2], (name, raw)


def test_slow_downloads_leave_room_for_others(way: Running) -> None:
    slow = [Connection(way.port, small_window=True) for _ in range(way.way.bears)]
    try:
        for line in slow:
            line.socket.sendall(b"GET /private/large.mp4 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.head()[0] == 200
        assert way.ask("photo.png").status == 200
    finally:
        for line in slow:
            line.reset()


@in_process
def test_a_client_that_leaves_takes_nothing_with_it(way: Running) -> None:
    for _ in range(5):
        line = Connection(way.port, small_window=True)
        line.socket.sendall(b"GET /private/large.mp4 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.head()[0] == 200
        line.first_octets(1000)
        line.reset()
    assert way.ask("photo.png").body == FILES["photo.png"]
    deadline = time.monotonic() + 20
    while open_files(way) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert open_files(way) == []


def open_files(way: Running) -> list[str]:
    first = psutil.Process(way.server.process.pid)
    opened = (file for each in [first, *first.children(recursive=True)] for file in each.open_files())
    return [file.path for file in opened if "/private/" in file.path]


@waiting_in_process
def test_a_file_that_becomes_shorter_while_it_is_sent_ends_the_connection(way: Running) -> None:
    path = way.home / "private" / f"shrinking{way.port}.mp4"
    path.write_bytes(LARGE)
    with Connection(way.port, small_window=True) as line:
        line.socket.sendall(b"GET /private/%b HTTP/1.1\r\nHost: x\r\n\r\n" % path.name.encode())
        status, fields = line.head()
        assert (status, dict(fields).get("Content-Length", dict(fields).get("content-length"))) == (200, "60000000")
        line.first_octets(1000)
        os.truncate(path, 1_000_000)
        read = 0
        try:
            while piece := line.first_octets(1 << 20):
                read += len(piece)
        except (TimeoutError, ConnectionError) as error:
            assert not isinstance(error, TimeoutError), "the connection stays open"
    assert read < len(LARGE)
    path.unlink()
    assert way.ask("photo.png").status == 200


@in_process
def test_a_file_that_is_replaced_while_it_is_sent_arrives_as_it_was(way: Running) -> None:
    path = way.home / "private" / f"replaced{way.port}.mp4"
    path.write_bytes(LARGE)
    other = path.with_suffix(".new")
    other.write_bytes(b"other")
    with Connection(way.port) as line:
        line.socket.sendall(b"GET /private/%b HTTP/1.1\r\nHost: x\r\n\r\n" % path.name.encode())
        line.head()
        first = line.first_octets(1000)
        os.replace(other, path)
        assert first + line.first_octets(len(LARGE) - len(first)) == LARGE
    assert way.ask(path.name).body == b"other"
    path.unlink()
