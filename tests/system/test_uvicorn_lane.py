"""uvicorn on real sockets, with its lane and without."""

import hashlib
import json
import os
import random
import re
import signal
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.helpers.released import publish
from tests.system.certificate import write_certificate
from tests.system.raw import HOST, Answer, Connection, request
from tests.system.servers import Server, environment_for, running, uvicorn

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

CSS, JS, LARGE, MISS = "/static/a.css", "/static/b.js", "/static/large.bin", "/static/none.css"
SIZE = 20_000_000
STYLE, SCRIPT = b"a{}" * 7000, b"b()" * 80_000
CONTENT = random.Random(0).randbytes(SIZE)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
APPLICATION = '''
import asyncio, json, os
from clearway.asgi import Clearway

async def page(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return await send({"type": "websocket.close"})
    body = json.dumps(seen).encode() if scope["path"].endswith("/seen") else scope["path"].encode()
    if scope["path"] == "/late":
        await asyncio.sleep(0.2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})

seen = []

class Watched(Clearway):
    """Writes down what comes to it by the ordinary road."""
    async def __call__(self, scope, receive, send):
        if not scope["path"].endswith("/seen"):
            seen.append(scope["path"])
        await super().__call__(scope, receive, send)

app = Watched(page, root=os.path.join(os.path.dirname(__file__), "files"), prefix="/static/")
'''
PLAINLY = {"accept-encoding": "identity"}
LANE = "--http=clearway.uvicorn:Protocol"
PLAIN = "--http=httptools"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release: what it serves is asked of the disk once, not every quarter of a second."""
    home = tmp_path_factory.mktemp("lane")
    (home / "application.py").write_text(APPLICATION)
    publish(home / "files", {"a.css": STYLE, "b.js": SCRIPT, "large.bin": CONTENT, "cut.bin": CONTENT}, codings=("br",))
    write_certificate(home / "tls.crt", home / "tls.key")
    return home


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Server]:
    command = uvicorn("application:app", *options)
    with running(command, cwd=home, environ=environment_for(home), log=home / f"{time.monotonic_ns()}.log") as server:
        yield server


@dataclass(frozen=True)
class Two:
    """The same server with the lane and without."""

    lane: Server
    plain: Server


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def two(request: pytest.FixtureRequest, home: Path) -> Iterator[Two]:
    with ExitStack() as stack:
        made = [stack.enter_context(serving(home, http, f"--loop={request.param}")) for http in (LANE, PLAIN)]
        yield Two(*made)


def warm(server: Server, *targets: str, **fields: str) -> None:
    """Let the ordinary road read what the lane then answers."""
    with Connection(server.port) as connection:
        for target in targets:
            connection.ask(target, **fields)


def seen(server: Server) -> list[str]:
    with Connection(server.port) as connection:
        paths: list[str] = json.loads(connection.ask("/seen").body)
    return paths


def ask(server: Server, octets: bytes, method: str = "GET") -> Answer:
    with Connection(server.port) as connection:
        connection.socket.sendall(octets)
        return connection.answer(method)


def without_date(answer: Answer) -> Answer:
    lines = tuple(line for line in answer.lines if line[0] != "date")
    return Answer(answer.status, lines, answer.body, answer.length, answer.sha256)


def descriptors(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def settles(server: Server, count: int) -> bool:
    """Whether the server comes back to so many descriptors."""
    for _ in range(200):
        if descriptors(server) <= count:
            return True
        time.sleep(0.05)
    return False


# --- the same answers

REQUESTS = [
    (CSS, "GET", {}),
    (CSS, "GET", {"accept_encoding": "br"}),
    (CSS, "HEAD", {"accept_encoding": "br"}),
    (CSS, "GET", {"if_none_match": "*"}),
    (CSS, "GET", {"range": "bytes=5-9"}),
    (CSS, "GET", {"range": "bytes=99999999-"}),
    (CSS, "GET", {"connection": "close"}),
    (CSS, "POST", {}),
    (CSS, "OPTIONS", {}),
    (JS, "GET", {"accept_encoding": "gzip"}),
    (MISS, "GET", {}),
    ("/page?x=1", "GET", {}),
    (LARGE, "GET", {}),
    (LARGE, "HEAD", {}),
    (LARGE, "GET", {"range": "bytes=1000000-15999999"}),
    (LARGE, "GET", {"range": "bytes=-1"}),
    (LARGE, "GET", {"connection": "close"}),
]


@pytest.mark.parametrize(("target", "method", "fields"), REQUESTS)
def test_the_same_octets_come_back(two: Two, target: str, method: str, fields: dict[str, str]) -> None:
    octets = request(target, method, **fields)
    expected = ask(two.plain, octets, method)
    for _ in range(3):
        assert without_date(ask(two.lane, octets, method)) == without_date(expected)


def test_the_lane_answers_what_was_read_once(two: Two) -> None:
    warm(two.lane, CSS, JS, LARGE)
    before = seen(two.lane)
    warm(two.lane, CSS, JS, LARGE, CSS, MISS, "/page")
    assert seen(two.lane)[len(before) :] in (["/page"], [MISS, "/page"])


def test_broken_and_odd_requests_have_the_same_answers(two: Two) -> None:
    for octets in (b"GET\r\n\r\n", b"GET /static/a.css HTTP/1.1\r\nHost : a\r\n\r\n", request(CSS, host=" a\x00b")):
        answers = [without_date(ask(server, octets)) for server in (two.plain, two.lane)]
        assert answers[0] == answers[1]


def test_pipelined_requests_are_answered_in_their_order(two: Two) -> None:
    targets = (LARGE, CSS, "/late", JS, MISS, LARGE, "/page", CSS)
    for server in (two.plain, two.lane):
        warm(server, LARGE, CSS, JS)
        with Connection(server.port) as connection:
            connection.socket.sendall(b"".join(map(request, targets)))
            answers = [connection.answer() for _ in targets]
        sizes = [SIZE, 21_000, 5, 240_000, 10, SIZE, 5, 21_000]
        assert [answer.length for answer in answers] == sizes
        assert {answers[0].sha256, answers[5].sha256} == {DIGEST}


# --- large files, and clients of every kind


def test_a_slow_reader_gets_a_large_file_whole(two: Two) -> None:
    warm(two.lane, LARGE)
    with Connection(two.lane.port, small_window=True) as connection:
        connection.socket.sendall(request(LARGE))
        assert connection.head()[0] == 200
        digest, left = hashlib.sha256(), SIZE
        while left:
            time.sleep(0.02)
            piece = connection.first_octets(min(left, 1 << 20))
            digest.update(piece)
            left -= len(piece)
        assert digest.hexdigest() == DIGEST
        assert connection.ask(CSS).status == 200


def test_other_clients_are_answered_while_one_does_not_read(two: Two) -> None:
    warm(two.lane, LARGE)
    with Connection(two.lane.port, small_window=True) as connection:
        connection.socket.sendall(request(LARGE))
        for _ in range(20):
            warm(two.lane, CSS, "/page")
        connection.reset()


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is there /proc")
def test_clients_that_leave_cost_no_descriptor(two: Two) -> None:
    warm(two.lane, LARGE, CSS)
    time.sleep(0.1)
    before = descriptors(two.lane)
    for number in range(60):
        connection = Connection(two.lane.port, small_window=True)
        connection.socket.sendall(request(LARGE) * (1 + number % 2))
        connection.head()
        if number % 3:
            connection.reset()
        else:
            connection.__exit__()
    assert settles(two.lane, before)
    assert ask(two.lane, request(LARGE)).sha256 == DIGEST


@pytest.mark.parametrize(("target", "size"), [(CSS, len(STYLE)), (LARGE, SIZE)])
def test_a_client_that_says_it_has_no_more_requests_gets_its_answer(two: Two, target: str, size: int) -> None:
    warm(two.lane, target)
    with Connection(two.lane.port) as connection:
        connection.socket.sendall(request(target))
        connection.socket.shutdown(socket.SHUT_WR)
        assert connection.answer().length == size
        assert connection.at_end()


def test_a_file_that_is_cut_while_it_is_sent_ends_the_connection_and_nothing_else(home: Path) -> None:
    with serving(home, LANE) as server:
        warm(server, "/static/cut.bin")
        with Connection(server.port, small_window=True) as connection:
            connection.socket.sendall(request("/static/cut.bin"))
            connection.head()
            for path in (home / "files").glob("cut*.bin"):
                os.truncate(path, SIZE // 2)
            with suppress(ConnectionResetError):
                assert len(connection.first_octets(SIZE)) < SIZE
            assert seen(server) == ["/static/cut.bin"]
        assert ask(server, request(CSS)).status == 200
        assert ask(server, request("/static/cut.bin")).status in (200, 404)
        assert server.process.poll() is None


# --- what uvicorn counts and limits


def test_an_idle_connection_is_closed_and_a_download_is_not(home: Path) -> None:
    with serving(home, LANE, "--timeout-keep-alive=1") as server:
        warm(server, CSS, LARGE)
        with Connection(server.port) as idle, Connection(server.port, small_window=True) as slow:
            for _ in range(3):
                assert idle.ask(CSS).status == 200
                assert slow.ask(CSS).status == 200
            slow.socket.sendall(request(LARGE))
            slow.head()
            assert idle.at_end()
            time.sleep(1.5)
            assert hashlib.sha256(slow.first_octets(SIZE)).hexdigest() == DIGEST
            assert slow.ask(CSS).status == 200
            assert slow.at_end()


@pytest.mark.parametrize("http", [LANE, PLAIN])
def test_a_limit_of_connections_holds(home: Path, http: str) -> None:
    with serving(home, http, "--limit-concurrency=2") as server, Connection(server.port) as first:
        assert first.ask(CSS).status == 200
        with Connection(server.port) as second:
            assert second.ask(CSS).status == 503
        time.sleep(0.2)
        assert first.ask(CSS).status == 200


@pytest.mark.parametrize("http", [LANE, PLAIN])
def test_a_server_of_so_many_requests_ends_after_them(home: Path, http: str) -> None:
    with serving(home, http, "--limit-max-requests=5") as server:
        warm(server, *[CSS] * 5)
        assert server.process.wait(timeout=20) == 0


def test_a_server_that_is_told_to_end_sends_the_rest_of_a_download(home: Path) -> None:
    with serving(home, LANE) as server:
        warm(server, LARGE)
        with Connection(server.port, small_window=True) as connection:
            connection.socket.sendall(request(LARGE))
            connection.head()
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            assert hashlib.sha256(connection.first_octets(SIZE)).hexdigest() == DIGEST
            assert connection.at_end()
        assert server.process.wait(timeout=20) in (0, -signal.SIGTERM)


LINE = re.compile(r"INFO:\s+(\S+) - (\".*)")


@pytest.mark.parametrize("trusted", ["127.0.0.1", "192.0.2.1", "*"])
def test_the_access_log_has_the_same_lines(home: Path, trusted: str) -> None:
    forwarded = {"x_forwarded_for": "192.0.2.7, 198.51.100.1", "x_forwarded_proto": "https"}
    lines = []
    for http in (LANE, PLAIN):
        with serving(home, http, f"--forwarded-allow-ips={trusted}") as server:
            warm(server, CSS, "/static/none%20%C3%A9.css?a=b", LARGE, CSS)
            warm(server, CSS, "/page", MISS, LARGE, **forwarded)
        found = LINE.findall(server.log.read_text())
        lines.append([(client.replace("127.0.0.1:", "").isdigit() or client, line) for client, line in found])
    assert lines[0] == lines[1]
    assert len(lines[0]) == 8


# --- beside it


def test_below_a_root_path_the_same_octets_come_back(home: Path) -> None:
    answers = []
    for http in (LANE, PLAIN):
        with serving(home, http, "--root-path=/site") as server:
            asked = (CSS, "/site" + CSS, CSS, MISS, "/site" + MISS, "/page", CSS)
            answers.append([without_date(ask(server, request(target))) for target in asked])
            paths = seen(server)
    assert answers[0] == answers[1]
    assert "/site/page" in paths


def test_a_websocket_is_opened_beside_it(two: Two) -> None:
    key = {"sec_websocket_key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec_websocket_version": "13"}
    with Connection(two.lane.port) as connection:
        assert connection.ask(CSS).status == 200
        connection.socket.sendall(request("/ws", upgrade="websocket", connection="Upgrade", **key))
        assert connection.head()[0] == 101


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_over_tls_small_files_take_the_lane_and_large_ones_the_ordinary_road(home: Path, loop: str) -> None:
    tls = (f"--ssl-keyfile={home / 'tls.key'}", f"--ssl-certfile={home / 'tls.crt'}", f"--loop={loop}")
    trusting = ssl.create_default_context(cafile=str(home / "tls.crt"))
    with (
        serving(home, LANE, *tls) as server,
        httpx.Client(base_url=f"https://{HOST}:{server.port}", verify=trusting, headers=PLAINLY) as client,
    ):
        for _ in range(10):
            assert client.get(CSS).content == STYLE
            assert client.get(JS).content == SCRIPT
        for _ in range(3):
            assert hashlib.sha256(client.get(LARGE).content).hexdigest() == DIGEST
        paths = client.get("/seen").json()
    assert paths.count(LARGE) == 3
    assert paths.count(CSS) == 1


# --- gunicorn


def gunicorn(*options: str) -> list[str]:
    plain = ["--no-control-socket", "--access-logfile=-", "--bind=127.0.0.1:{port}"]
    return [sys.executable, "-m", "gunicorn", "-k", "clearway.uvicorn.Worker", *plain, *options, "application:app"]


@contextmanager
def under_gunicorn(home: Path, *options: str) -> Iterator[Server]:
    log = home / f"{time.monotonic_ns()}.log"
    with running(gunicorn(*options), cwd=home, environ=environment_for(home), log=log) as server:
        yield server


def test_gunicorns_worker_answers_through_the_lane(home: Path) -> None:
    with under_gunicorn(home) as server:
        for _ in range(20):
            assert ask(server, request(CSS)).body == STYLE
        assert seen(server) == [CSS]
        assert len(server.requests()) >= 20


def test_gunicorns_worker_is_replaced_after_so_many_requests_and_on_a_reload(home: Path) -> None:
    with under_gunicorn(home, "--max-requests=10") as server:
        for _ in range(40):
            answered(server)
        wait_until(server, r"Booting worker(?s:.*)Booting worker")
        server.process.send_signal(signal.SIGHUP)
        wait_until(server, r"Hang up(?s:.*)Booting worker")
        answered(server)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0


def answered(server: Server) -> None:
    """Ask until a worker answers: one that ends closes what it has not read."""
    for _ in range(200):
        try:
            assert ask(server, request(CSS, connection="close")).status == 200
        except ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(server.log.read_text())


def wait_until(server: Server, said: str) -> None:
    for _ in range(400):
        if re.search(said, server.log.read_text()):
            return
        time.sleep(0.05)
    raise AssertionError(server.log.read_text())
