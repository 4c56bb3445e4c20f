"""gunicorn's lane and what clients do to it: each rule is that of gunicorn's own worker, or better for the others."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from tests.system.raw import Connection, request
from tests.system.served_site import CSS, LARGE, Site, built
from tests.system.servers import Server, environment_for, eventually, gunicorn, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

CAP = 60  # --worker-connections
OPTIONS = ["--threads=2", "--keep-alive=1", f"--worker-connections={CAP}", "--worker-class=told.Lane"]
SHRINKS = "shrinks.bin"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with built() as made:
        (made.home / "changing").mkdir()
        (made.home / "changing" / SHRINKS).write_bytes(LARGE[: 20 << 20])
        yield made


@pytest.fixture(scope="module")
def it(site: Site) -> Iterator[Server]:
    command = gunicorn("told:by_wsgi", *OPTIONS)
    with running(command, cwd=site.home, environ=environment_for(site.home), log=site.home / "lane.log") as server:
        with Connection(server.port) as first:
            for path in (site.css, site.large, f"/changing/{SHRINKS}", "/robots.txt"):
                first.ask(path)
        yield server


def numbers(it: Server) -> dict[str, Any]:
    """What the worker tells of itself, this request left out."""
    with Connection(it.port) as connection:
        told: dict[str, Any] = json.loads(connection.ask("/numbers", connection="close").body)
    return told | {"nr_conns": told["nr_conns"] - 1, "descriptors": told["descriptors"] - 1}


def at_rest(it: Server) -> dict[str, Any]:
    """The numbers once every connection has been closed."""
    assert eventually(lambda: numbers(it)["nr_conns"] == 0), numbers(it)
    return numbers(it)


def stalled(it: Server, path: str) -> Connection:
    """A client that has asked for a large file and reads its head only."""
    connection = Connection(it.port, small_window=True)
    connection.socket.sendall(request(path))
    assert connection.head()[0] == 200
    return connection


# --- who answers


def test_static_requests_are_answered_before_a_thread_is_asked_and_others_by_the_pool(it: Server, site: Site) -> None:
    before = numbers(it)["answered"]
    with Connection(it.port) as connection:
        for path in (site.css, "/page", site.css, site.css):
            assert connection.ask(path).status == 200
        assert connection.ask(site.css, "DELETE").status == 405
    assert numbers(it)["answered"] == before + 3


def test_most_misses_are_answered_without_the_application(it: Server) -> None:
    before = numbers(it)["answered"]
    with Connection(it.port) as connection:  # now and then a thread looks for a newer release
        assert {connection.ask("/static/none.css").status for _ in range(100)} == {404}
    assert numbers(it)["answered"] - before > 50


PIPELINES = {
    "two static": ["css", "css"],
    "static, dynamic": ["css", "/page"],
    "dynamic, static": ["/page", "css"],
    "a download between": ["css", "large", "css", "/page", "/static/none.css"],
    "a slow page before": ["/sleep?0.2", "css", "large"],
}


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("targets", PIPELINES.values(), ids=PIPELINES)
def test_answers_come_in_the_order_of_the_requests(it: Server, site: Site, targets: list[str], apart: bool) -> None:
    wanted = [{"css": CSS, "large": LARGE, "/page": b"/page and a body of 0"}.get(target) for target in targets]
    octets = [request(site.path(target)) for target in targets]
    with Connection(it.port) as connection:
        for sent in octets if apart else [b"".join(octets)]:
            connection.socket.sendall(sent)
            time.sleep(0.02)
        for body, target in zip(wanted, targets, strict=True):
            answer = connection.answer()
            assert body is None or answer.length == len(body), target


@pytest.mark.parametrize("target", ["css", "large", "/static/none.css", "/page"])
def test_the_connection_is_closed_where_the_client_wants_it(it: Server, site: Site, target: str) -> None:
    with Connection(it.port) as connection:
        connection.socket.sendall(request(site.path(target), connection="close"))
        time.sleep(0.05)
        connection.socket.sendall(request("/page"))  # in spite of what it said
        assert connection.answer().fields["connection"] == "close"
        assert connection.at_end()


# --- clients that take their time


def test_idle_connections_are_closed_in_time_although_others_are_busy(it: Server, site: Site) -> None:
    with Connection(it.port) as idle, Connection(it.port) as busy:
        idle.ask(site.css)
        began = time.monotonic()
        idle.socket.settimeout(0.01)
        while time.monotonic() < began + 10:
            assert busy.ask(site.css).status == 200
            try:
                closed = idle.socket.recv(1) == b""
            except TimeoutError:
                continue
            break
        assert closed
        assert time.monotonic() - began > 0.9


def test_connections_without_a_request_are_closed_in_time(it: Server) -> None:
    with Connection(it.port) as connection:
        assert eventually(lambda: numbers(it)["pending_conns"] == 1)
        assert connection.at_end()
    at_rest(it)


def test_half_a_request_neither_spins_nor_holds_up_others(it: Server, site: Site) -> None:
    whole = request(site.css)
    with Connection(it.port) as half, Connection(it.port) as other:
        half.socket.sendall(whole[:40])
        other.ask(site.css)
        before = numbers(it)["rounds"]
        time.sleep(1.5)
        assert numbers(it)["rounds"] - before < 20
        half.socket.sendall(whole[40:])
        assert half.answer().length == len(CSS)
        assert half.ask(site.css).length == len(CSS)


def test_clients_that_do_not_read_hold_up_nobody(it: Server, site: Site) -> None:
    with ExitStack() as slow, Connection(it.port) as other:
        for _ in range(25):
            slow.enter_context(stalled(it, site.large))
        assert numbers(it)["sending_conns"] == 25
        for _ in range(20):
            assert other.ask("/page").status == 200
            assert other.ask(site.css).length == len(CSS)
        assert other.ask(site.large).length == len(LARGE)
        before = numbers(it)["rounds"]
        time.sleep(1)
        assert numbers(it)["rounds"] - before < 20
    at_rest(it)


def test_clients_that_do_not_close_hold_up_nobody(it: Server, site: Site) -> None:
    with ExitStack() as open_ended, Connection(it.port) as other:
        for _ in range(10):
            bad = open_ended.enter_context(Connection(it.port))
            bad.socket.sendall(b"GET / HTTP/9.9\r\n\r\n")
            assert bad.answer().status == 400
        began = time.monotonic()
        assert other.ask("/page").status == 200
        assert time.monotonic() - began < 10  # one after the other they would take twenty seconds
    at_rest(it)


def test_clients_that_leave_in_the_middle_leave_nothing_behind(it: Server, site: Site) -> None:
    before = at_rest(it)["descriptors"]
    for number in range(CAP + 20):
        connection = stalled(it, site.large if number % 3 else f"/changing/{SHRINKS}")
        connection.reset() if number % 2 else connection.__exit__()
    with ExitStack() as many:
        connections = [many.enter_context(Connection(it.port)) for _ in range(CAP - 5)]
        assert [each.ask(site.css).status for each in connections] == [200] * len(connections)
    at_rest(it)
    assert eventually(lambda: numbers(it)["descriptors"] <= before)


def test_a_client_that_ends_its_side_still_gets_its_answers(it: Server, site: Site) -> None:
    for path, size in ((site.css, len(CSS)), (site.large, len(LARGE)), ("/page", 21)):
        with Connection(it.port) as connection:
            connection.socket.sendall(request(path))
            connection.socket.shutdown(socket.SHUT_WR)
            assert connection.answer().length == size
            assert connection.at_end()


def test_no_more_connections_are_taken_than_gunicorn_allows(it: Server, site: Site) -> None:
    at_rest(it)
    with ExitStack() as many:
        held = [many.enter_context(Connection(it.port)) for _ in range(CAP)]
        assert [each.ask(site.css).status for each in held] == [200] * CAP
        beyond = many.enter_context(Connection(it.port))
        beyond.socket.sendall(request(site.css))  # waits in the listener's queue until others are closed
        assert beyond.answer().status == 200
    at_rest(it)


# --- files that change


def test_a_file_that_becomes_shorter_ends_the_connection_and_nothing_else(it: Server, site: Site) -> None:
    path = site.home / "changing" / SHRINKS
    with Connection(it.port) as other:
        connection = stalled(it, f"/changing/{SHRINKS}")
        os.truncate(path, 1 << 20)
        with connection:
            taken = 0
            while piece := connection.socket.recv(1 << 20):
                taken += len(piece)
        assert taken < 20 << 20
        assert other.ask(site.css).status == 200
    at_rest(it)
    path.write_bytes(LARGE[: 20 << 20])
