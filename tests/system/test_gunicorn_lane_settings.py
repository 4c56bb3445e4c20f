"""gunicorn's settings and signals with the lane: all mean what they mean without it."""

import json
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.system.certificate import write_certificate
from tests.system.raw import HOST, Answer, Connection, request
from tests.system.served_site import CSS, LARGE, Site, built
from tests.system.servers import Server, environment_for, eventually, gunicorn, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

LANE, PLAIN = "--worker-class=told.Lane", "--worker-class=told.Told"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with built() as made:
        yield made


@contextmanager
def serving(site: Site, *options: str, app: str = "told:by_wsgi", **environ: str) -> Iterator[Server]:
    command = gunicorn(app, *options)
    log = site.home / "settings.log"
    with running(command, cwd=site.home, environ=environment_for(site.home) | environ, log=log) as server:
        yield server


def numbers(port: int) -> dict[str, Any]:
    with Connection(port) as connection:
        told: dict[str, Any] = json.loads(connection.ask("/numbers", connection="close").body)
    return told


def warm(port: int, *paths: str) -> None:
    """What a thread has read once is in memory."""
    for path in paths:
        with Connection(port) as connection:
            connection.ask(path)


def talk(port: int, asked: Sequence[tuple[str, str, dict[str, str]]]) -> list[Answer]:
    with Connection(port) as connection:
        return [connection.ask(path, method, **fields) for path, method, fields in asked]


# --- the access log and statsd

FORMAT = (
    "%(h)s %(l)s %(u)s %(r)s %(m)s %(U)s %(q)s %(H)s %(s)s %(B)s %(b)s %(f)s %(a)s %({accept-encoding}i)s %({x-none}i)s"
    " %({content-type}o)s %({etag}o)s %({vary}o)s %({date}o)s %({wsgi.url_scheme}e)s %({http_host}e)s %({path_info}e)s"
)
LOGGED: list[tuple[str, str, dict[str, str]]] = [
    ("css", "GET", {"accept_encoding": "br"}),
    ("css", "GET", {"user_agent": 'one "agent"', "referer": "http://shop.example/?a=é"}),
    ("css", "HEAD", {"authorization": "Basic dXNlcjpwYXNz"}),
    ("css", "GET", {"if_none_match": "*"}),
    ("css", "GET", {"range": "bytes=5-9"}),
    ("css", "GET", {"range": "bytes=999999-"}),
    ("css", "POST", {}),
    ("large", "GET", {}),
    ("large", "GET", {"range": "bytes=0-299999"}),
    ("/static/none.css", "GET", {}),
    ("/static/%C3%A9%20.css?x=%20&y", "GET", {}),
    ("/robots.txt", "GET", {"x_forwarded_proto": "https"}),
    ("/page?a=b", "GET", {}),
]


def lines(site: Site, *options: str) -> list[str]:
    with serving(site, f"--access-logformat=line {FORMAT}", *options) as server:
        for number, path in enumerate((site.css, site.large, "/robots.txt"), 1):
            warm(server.port, path)
            logged(server, number)  # a line follows its answer: the next connection's may overtake it
        talk(server.port, [(site.path(path), method, fields) for path, method, fields in LOGGED])
        return logged(server, number + len(LOGGED))


def logged(server: Server, count: int) -> list[str]:
    """The lines, when there are so many."""

    def found() -> list[str]:
        return re.findall("(?m)^line .*", server.log.read_text().replace(str(server.port), "PORT"))

    assert eventually(lambda: len(found()) == count), found()
    return found()


def test_the_access_log_has_the_same_lines(site: Site) -> None:
    assert lines(site, LANE) == lines(site, PLAIN)


def test_statsd_hears_of_the_lanes_answers(site: Site) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((HOST, 0))
        listener.settimeout(20)
        with serving(site, LANE, f"--statsd-host={HOST}:{listener.getsockname()[1]}") as server:
            warm(server.port, site.css)
            talk(server.port, [(site.css, "GET", {})] * 3)
            heard: list[bytes] = []
            while heard.count(b"gunicorn.request.status.200:1|c|@1.0") < 4:
                heard.append(listener.recv(1000))
    assert heard.count(b"gunicorn.requests:1|c|@1.0") == 4


# --- limits

LIMITED = [
    ("--limit-request-line=60", "?" + "a" * 60, {}, 414),
    ("--limit-request-fields=3", "", {"a": "1", "b": "2", "c": "3"}, 431),
    ("--limit-request-field_size=50", "", {"a": "1" * 60}, 431),
]


@pytest.mark.parametrize(("option", "query", "fields", "status"), LIMITED)
def test_limits_of_requests_are_gunicorns(
    site: Site, option: str, query: str, fields: dict[str, str], status: int
) -> None:
    with serving(site, LANE, option) as server:
        warm(server.port, site.css)
        assert talk(server.port, [(site.css + query, "GET", fields)])[0].status == status
        before = numbers(server.port)["answered"]
        assert talk(server.port, [(site.css, "GET", {"a": "1"})])[0].status == 200
        assert numbers(server.port)["answered"] == before + 1


def test_files_do_not_go_by_sendfile_where_that_is_off(site: Site) -> None:
    with serving(site, LANE, "--no-sendfile") as server:
        warm(server.port, site.css, site.large)
        before = numbers(server.port)["answered"]
        assert [each.length for each in talk(server.port, [(site.large, "GET", {}), (site.css, "GET", {})])] == [
            len(LARGE),
            len(CSS),
        ]
        assert numbers(server.port)["answered"] == before + 1


def test_without_keepalive_every_connection_is_closed(site: Site) -> None:
    with serving(site, LANE, "--keep-alive=0") as server:
        warm(server.port, site.css)
        with Connection(server.port) as connection:
            assert connection.ask(site.css).fields["connection"] == "close"
            assert connection.at_end()


# --- the life of a worker


def worker_of(server: Server) -> int:
    return int(numbers(server.port)["pid"])


def test_a_worker_is_replaced_after_its_requests_and_none_is_lost(site: Site) -> None:
    with serving(site, LANE, "--max-requests=20") as server:
        warm(server.port, site.css)
        first, statuses, closed = worker_of(server), [], 0
        for _ in range(30):
            with Connection(server.port) as connection:
                for _ in range(3):
                    answer = connection.ask(site.css)
                    statuses.append(answer.status)
                    if answer.fields["connection"] == "close":
                        closed += 1
                        break
        assert set(statuses) == {200}
        assert closed >= 3
        assert worker_of(server) != first


def test_a_stopping_worker_finishes_downloads_and_says_good_bye_on_kept_connections(site: Site) -> None:
    with serving(site, LANE, "--keep-alive=60") as server:
        warm(server.port, site.css, site.large)
        with Connection(server.port, small_window=True) as slow, Connection(server.port) as kept:
            assert kept.ask(site.css).fields["connection"] == "keep-alive"
            slow.socket.sendall(request(site.large))
            assert slow.head()[0] == 200
            server.process.terminate()
            assert eventually(lambda: "term" in server.log.read_text())
            time.sleep(0.3)
            answer = kept.ask(site.css)
            assert (answer.status, answer.fields["connection"]) == (200, "close")
            assert kept.at_end()
            taken = 0
            while taken < len(LARGE):
                taken += len(slow.first_octets(min(1 << 20, len(LARGE) - taken)))
        assert server.process.wait(20) == 0


def test_a_connection_without_a_request_does_not_hold_up_the_end(site: Site) -> None:
    with serving(site, LANE, "--keep-alive=60", "--graceful-timeout=60") as server, Connection(server.port) as idle:
        assert eventually(lambda: numbers(server.port)["pending_conns"] == 1)
        began = time.monotonic()
        server.process.terminate()
        assert idle.at_end()
        assert server.process.wait(30) == 0
        assert time.monotonic() - began < 30


def test_no_request_fails_while_workers_are_replaced(site: Site) -> None:
    with serving(site, LANE, "--workers=2") as server:
        warm(server.port, site.css, site.css, site.css)
        stop, failed, done = threading.Event(), [], []

        def ask() -> None:
            while not stop.is_set():
                try:
                    with Connection(server.port) as connection:
                        for path in cycle((site.css, "/page")):
                            answer = connection.ask(path)
                            assert answer.status == 200
                            done.append(1)
                            if answer.fields["connection"] == "close" or stop.is_set():
                                break
                except (OSError, AssertionError) as error:
                    failed.append(repr(error))

        clients = [threading.Thread(target=ask) for _ in range(4)]
        for client in clients:
            client.start()
        first = workers(server)
        for _ in range(2):
            server.process.send_signal(signal.SIGHUP)
            assert eventually(lambda gone=first: not workers(server) & gone and len(workers(server)) == 2)
            first = workers(server)
        stop.set()
        for client in clients:
            client.join()
    assert failed == []
    assert len(done) > 20


def workers(server: Server) -> set[int]:
    return {child.pid for child in psutil.Process(server.process.pid).children()}


def test_a_worker_that_hangs_is_killed_and_replaced(site: Site) -> None:
    with serving(site, LANE, "--timeout=2") as server:
        first = worker_of(server)
        psutil.Process(first).suspend()
        assert eventually(lambda: bool(workers(server)) and first not in workers(server))
        assert talk(server.port, [(site.css, "GET", {})])[0].length == len(CSS)


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGINT])
def test_a_quick_stop_ends_downloads(site: Site, number: signal.Signals) -> None:
    with serving(site, LANE) as server:
        warm(server.port, site.large)
        with Connection(server.port, small_window=True) as slow:
            slow.socket.sendall(request(site.large))
            assert slow.head()[0] == 200
            server.process.send_signal(number)
            assert server.process.wait(20) == 0


# --- where it listens


def test_several_sockets_of_both_kinds(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with serving(site, LANE, f"--bind=unix:{path}", f"--bind={HOST}:0") as server:
        warm(server.port, site.css)
        before = numbers(server.port)["answered"]
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(20)
            client.connect(str(path))
            for _ in range(2):
                client.sendall(request(site.css, range="bytes=0-3", x_forwarded_proto="https"))
                got = b""
                while not got.endswith(b"\r\n\r\nbody"):
                    got += client.recv(65536)
        assert numbers(server.port)["answered"] == before + 2


def test_an_application_that_the_master_has_loaded(site: Site) -> None:
    with serving(site, LANE, "--preload", "--workers=2") as server:
        warm(server.port, *[site.css] * 10)
        assert {each.length for each in talk(server.port, [(site.css, "GET", {})] * 5)} == {len(CSS)}
        assert eventually(lambda: numbers(server.port)["answered"] > 0 or not warm(server.port, site.css))


# --- what keeps the lane off

OFF = [
    (["--proxy-protocol=v1"], {}, "proxy_protocol"),
    ([], {"SCRIPT_NAME": "/shop"}, "SCRIPT_NAME"),
    (["--config={home}/pre_request.py"], {}, "pre_request"),
    (["--config={home}/post_request.py"], {}, "post_request"),
    (["--certfile={home}/server.crt", "--keyfile={home}/server.key"], {}, "TLS"),
]


@pytest.mark.parametrize(("options", "environ", "named"), OFF)
def test_one_line_says_why_there_is_no_lane(
    site: Site, options: list[str], environ: dict[str, str], named: str
) -> None:
    (site.home / "pre_request.py").write_text("def pre_request(worker, req): pass\n")
    (site.home / "post_request.py").write_text("def post_request(worker, req, environ, resp): pass\n")
    write_certificate(site.home / "server.crt", site.home / "server.key")
    given = [option.format(home=site.home) for option in options]
    with serving(site, LANE, *given, **environ) as server:
        assert eventually(lambda: "ordinary road" in server.log.read_text())
        with suppress(OSError), socket.create_connection((HOST, server.port), timeout=20) as client:
            client.sendall(request(site.css))
        time.sleep(0.2)
        said = [line for line in server.log.read_text().splitlines() if "ordinary road" in line]
    assert len(said) == 1
    assert named in said[0]


# --- below SecurityMiddleware

SECURITY, OURS = "django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
SCHEMES: list[dict[str, str]] = [
    {},
    {"x_forwarded_proto": "https"},
    {"x_forwarded_proto": "http"},
    {"x_forwarded_proto": "HTTPS"},
    {"x_forwarded_ssl": "on"},
    {"x_forwarded_ssl": "on", "x_forwarded_proto": "http"},
]


def answers(site: Site, *options: str, **environ: str) -> list[Any]:
    """Status and fields of static answers behind a proxy, as far as they do not differ from one second to the next."""
    found: list[Any] = []
    middleware = f"{SECURITY} {OURS} {COMMON}"
    with serving(site, *options, app="secured:by_wsgi", MIDDLEWARE=middleware, **environ) as server:
        for _ in range(2):
            for fields in SCHEMES:
                for path in (site.css, "/robots.txt", "/static/none.css", "/page"):
                    with Connection(server.port) as connection:
                        answer = connection.ask(path, **fields)
                    shown = {name: value for name, value in answer.fields.items() if name not in ("date", "location")}
                    found.append((fields, path, answer.status, sorted(shown.items()), answer.sha256))
    return found


@pytest.mark.parametrize("trusted", [HOST, "192.0.2.1"])
@pytest.mark.parametrize("proxy", ["", "1"])
def test_redirects_and_hsts_are_those_of_the_ordinary_road(site: Site, trusted: str, proxy: str) -> None:
    options = [f"--forwarded-allow-ips={trusted}"]
    plain = answers(site, *options, "--worker-class=gthread", PROXY=proxy)
    assert answers(site, *options, "--worker-class=clearway.gunicorn.ThreadWorker", PROXY=proxy) == plain
    assert {status for _, _, status, *_ in plain} >= {301, 200}


def test_one_line_names_another_middleware_above(site: Site) -> None:
    worker = "--worker-class=clearway.gunicorn.ThreadWorker"
    with serving(site, worker, app="secured:by_wsgi", MIDDLEWARE=f"{SECURITY} {COMMON} {OURS}") as server:
        warm(server.port, site.css)
        said = [line for line in server.log.read_text().splitlines() if "ordinary road" in line]
    assert len(said) == 1
    assert COMMON in said[0]
