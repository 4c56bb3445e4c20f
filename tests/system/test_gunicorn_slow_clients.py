"""Files that the application sends under gunicorn's lane: a slow client holds no thread, and still gets every octet."""

import hashlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from tests.system.raw import Answer, Connection, request
from tests.system.served_site import DIGEST, LARGE, Site, built
from tests.system.servers import Server, environment_for, eventually, gunicorn, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

FILE = "/handed/plain/large.bin"
SHRINKS = "shrinks.bin"
THREADS = 2


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with built() as made:
        yield made


@pytest.fixture
def it(site: Site) -> Iterator[Server]:
    (site.home / SHRINKS).write_bytes(LARGE[: 20 << 20])
    options = [f"--threads={THREADS}", "--keep-alive=2", "--worker-connections=20", "--worker-class=told.Lane"]
    command = gunicorn("told:by_wsgi", *options)
    with running(command, cwd=site.home, environ=environment_for(site.home), log=site.home / "slow.log") as server:
        yield server


def stalled(it: Server, target: str = FILE) -> Connection:
    """A client that has asked for a file and reads its head only."""
    connection = Connection(it.port, small_window=True)
    connection.socket.sendall(request(target))
    assert connection.head()[0] == 200
    return connection


def rest(connection: Connection, size: int = len(LARGE)) -> str:
    """The digest of the content that follows the head."""
    return hashlib.sha256(connection.first_octets(size)).hexdigest()


def numbers(it: Server) -> dict[str, Any]:
    with Connection(it.port) as connection:
        told: dict[str, Any] = json.loads(connection.ask("/numbers", connection="close").body)
    return told


def page(it: Server) -> Answer:
    with Connection(it.port) as other:
        return other.ask("/page")


def test_more_slow_clients_than_threads_hold_up_nobody_and_get_every_octet(it: Server) -> None:
    with ExitStack() as slow:
        clients = [slow.enter_context(stalled(it)) for _ in range(3 * THREADS)]
        assert eventually(lambda: numbers(it)["sending_conns"] == len(clients))
        assert page(it).status == 200
        assert [rest(client) for client in clients] == [DIGEST] * len(clients)
    assert eventually(lambda: numbers(it)["nr_conns"] == 1)


def test_a_part_is_the_part(it: Server) -> None:
    start = 5_000_001
    with stalled(it, f"{FILE}?{start}") as client:
        assert eventually(lambda: numbers(it)["sending_conns"] == 1)
        assert rest(client, len(LARGE) - start) == hashlib.sha256(LARGE[start:]).hexdigest()


def test_the_connection_goes_on_after_it(it: Server) -> None:
    with stalled(it) as client:
        assert eventually(lambda: numbers(it)["sending_conns"] == 1)
        assert rest(client) == DIGEST
        for _ in range(2):
            assert client.ask("/page").status == 200
            assert client.ask(FILE).sha256 == DIGEST


def test_requests_that_came_meanwhile_are_answered_behind_it(it: Server) -> None:
    with Connection(it.port, small_window=True) as client:
        client.socket.sendall(request(FILE) + request("/page") + request(FILE))
        assert client.head()[0] == 200
        assert eventually(lambda: numbers(it)["sending_conns"] == 1)
        assert rest(client) == DIGEST
        assert client.answer().status == 200
        assert client.answer().sha256 == DIGEST


def test_the_connection_is_closed_where_the_client_wants_it(it: Server) -> None:
    with Connection(it.port, small_window=True) as client:
        client.socket.sendall(request(FILE, connection="close"))
        assert client.head()[0] == 200
        assert eventually(lambda: numbers(it)["sending_conns"] == 1)
        assert rest(client) == DIGEST
        assert client.at_end()


def test_a_file_of_unknown_length_is_sent_in_chunks_by_its_thread(it: Server) -> None:
    with Connection(it.port) as client:
        client.socket.sendall(request(f"{FILE}?none"))
        status, lines = client.head()
        assert (status, ("Transfer-Encoding", "chunked") in lines) == (200, True)
        assert int(client.first_octets(9).strip(), 16) == len(LARGE)
        assert rest(client) == DIGEST
        assert client.first_octets(7) == b"\r\n0\r\n\r\n"
        assert client.ask("/page").status == 200


@pytest.mark.parametrize("leave", [Connection.reset, lambda client: client.__exit__()])
def test_clients_that_leave_in_the_middle_leave_nothing_behind(it: Server, leave: Callable[[Connection], None]) -> None:
    numbers(it)
    before = numbers(it)
    for _ in range(10 * THREADS):
        client = stalled(it)
        assert eventually(lambda: numbers(it)["sending_conns"] > 0)
        leave(client)
    assert eventually(lambda: numbers(it)["nr_conns"] <= before["nr_conns"])
    assert eventually(lambda: numbers(it)["descriptors"] <= before["descriptors"])


def test_a_file_that_becomes_shorter_ends_the_connection_and_nothing_else(it: Server, site: Site) -> None:
    with stalled(it, f"/handed/{SHRINKS}") as client:
        assert eventually(lambda: numbers(it)["sending_conns"] == 1)
        os.truncate(site.home / SHRINKS, 1 << 20)
        assert len(client.first_octets(20 << 20)) < 20 << 20
        assert client.at_end()
    assert page(it).status == 200


def test_a_download_that_has_left_its_thread_counts_for_its_file_too(it: Server) -> None:
    with ExitStack() as slow:
        clients = [slow.enter_context(stalled(it)) for _ in range(6)]
        assert eventually(lambda: numbers(it)["sending_conns"] == len(clients))
        assert eventually(lambda: numbers(it)["nr_conns"] == 2 * len(clients) + 1)
        assert rest(clients[-1]) == DIGEST


def test_a_worker_that_stops_finishes_what_is_on_its_way(it: Server) -> None:
    with stalled(it) as client:
        assert eventually(lambda: numbers(it)["sending_conns"] == 1)
        os.kill(numbers(it)["pid"], signal.SIGTERM)
        time.sleep(0.5)
        assert rest(client) == DIGEST


def test_a_client_that_takes_it_at_once_is_served_by_its_thread(it: Server) -> None:
    with Connection(it.port) as client:
        assert client.ask(FILE).sha256 == DIGEST
