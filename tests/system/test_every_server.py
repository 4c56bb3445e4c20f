"""Every server for real: the same answers from each, small and large, and what clients do to them."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import httpx
import pytest
from tests.system.every_server import SERVERS, Kind
from tests.system.raw import HOST, Answer, Connection, request
from tests.system.served_site import ADDED_BY_SERVERS, ASKED, CSS, DIGEST, LARGE, Site, built, differences
from tests.system.servers import Server, environment_for, eventually, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with built() as made:
        yield made


@dataclass(frozen=True)
class Running:
    kind: Kind
    server: Server
    wrapped: bool

    @property
    def port(self) -> int:
        return self.server.port

    def descriptors(self) -> int:
        return sum(process.num_fds() for process in self.server.processes())

    def log(self) -> str:
        return self.server.log.read_text(errors="replace")


@pytest.fixture(scope="module", params=SERVERS)
def it(request: pytest.FixtureRequest, site: Site) -> Iterator[Running]:
    name, kind = request.param, SERVERS[request.param]
    if reason := kind.missing():
        pytest.skip(reason)
    environ = environment_for(site.home)
    with running(kind.command(site.home), cwd=site.home, environ=environ, log=site.home / f"{name}.log") as server:
        yield Running(kind, server, "middleware" not in name)


class Talk:
    """Requests on one connection for as long as the server keeps it open, else each on its own."""

    def __init__(self, it: Running) -> None:
        self._it, self._connection = it, Connection(it.port)

    def close(self) -> None:
        self._connection.__exit__()

    def ask(self, target: str, method: str = "GET", **fields: str) -> Answer:
        answer = self._connection.ask(target, method, **fields)
        bare = method == "HEAD" or answer.status in (204, 304)
        if not self._it.kind.keeps_open or (self._it.kind.keeps_open == "mostly" and bare):
            self.close()
            self._connection = Connection(self._it.port)
        return answer


@pytest.fixture
def talk(it: Running) -> Iterator[Talk]:
    made = Talk(it)
    yield made
    made.close()


def test_every_kind_of_answer_arrives_as_it_was_made(talk: Talk, site: Site) -> None:
    found = {}
    for _ in range(2):
        for target, method, fields in ASKED:
            path = site.path(target)
            got = talk.ask(path, method, **{name.replace("-", "_"): value for name, value in fields.items()})
            wrong = differences(got, site.expected(path, method, fields))
            if wrong:
                found[target, method, *fields.items()] = wrong
        assert talk.ask("/page").body == b"/page and a body of 0"
    assert found == {}


def test_a_large_file_arrives_octet_by_octet(it: Running, talk: Talk, site: Site) -> None:
    rest = {"Range": "bytes=1000000-"}
    assert differences(talk.ask(site.large), site.expected(site.large)) == []
    assert differences(talk.ask(site.large, range=rest["Range"]), site.expected(site.large, "GET", rest)) == []
    if it.wrapped:
        plain = talk.ask("/plain/large.bin")
        assert (plain.status, plain.length, plain.sha256) == (200, len(LARGE), DIGEST)
    assert talk.ask(site.css).length == len(CSS)


def test_requests_that_do_not_wait_for_answers_get_them_in_order(it: Running, site: Site) -> None:
    wanted = [(200, len(CSS)), (206, MEGABYTE), (404, 10), (200, 6), (200, 21)]
    sent = [
        request(site.css),
        request(site.large, range="bytes=0-999999"),
        request("/static/none.css"),
        request("/robots.txt"),
        request("/page"),
    ]
    with Connection(it.port) as connection:
        connection.socket.sendall(b"".join(sent))
        if not it.kind.pipelines:  # one answer, and then the client knows that it has to ask again
            assert (connection.answer().length, connection.at_end()) == (len(CSS), True)
            return
        answers = [connection.answer() for _ in sent]
    assert [(each.status, each.length) for each in answers] == wanted


@pytest.mark.parametrize("size", [30, 200_000])
def test_the_body_of_a_request_is_never_taken_for_the_next_request(it: Running, site: Site, size: int) -> None:
    """A router may lose the answer of a worker that closes with a body unread: then a client asks again."""
    body = b"GET /smuggled HTTP/1.1\r\n\r\n".ljust(size, b" ")
    asked: list[bool] = []
    while not any(asked):
        assert len(asked) < 5, "no answer"
        asked.append(is_answered_apart(it, site, body))
    assert asked == [True] or size > 30


def is_answered_apart(it: Running, site: Site, body: bytes) -> bool:
    """Whether a refused body was answered at all; if so, what follows it is answered on its own, or not at all."""
    with Connection(it.port) as connection:
        try:
            refused = connection.ask(site.css, "POST", body)
        except ConnectionResetError:
            return False
        assert (refused.status, refused.fields["allow"]) == (405, "GET, HEAD, OPTIONS")
        with suppress(ConnectionError, TimeoutError):
            assert connection.ask("/page").body == b"/page and a body of 0"
    return True


def test_clients_that_leave_in_the_middle_leave_nothing_behind(it: Running, site: Site) -> None:
    with Connection(it.port) as connection:
        connection.ask(site.css)
    time.sleep(0.2)
    before = it.descriptors()
    for leave in (Connection.reset, Connection.__exit__):
        for range_ in ({}, {"range": "bytes=5-"}, {"range": "bytes=7-"}):
            connection = Connection(it.port, small_window=True)
            connection.socket.sendall(request(site.large, **range_))
            assert connection.head()[0] in (200, 206)
            assert len(connection.first_octets(1000)) == 1000
            leave(connection)
    assert eventually(lambda: it.descriptors() <= before), f"{before} descriptors became {it.descriptors()}"
    with Connection(it.port) as connection:
        assert connection.ask(site.css).length == len(CSS)
    assert "Traceback" not in it.log(), it.log()


def test_downloads_that_nobody_reads_cost_little(it: Running, site: Site) -> None:
    with Connection(it.port) as connection:
        connection.ask(site.large)
    before = it.server.memory()
    with ExitStack() as stack:
        for _ in range(it.kind.bears or 1):
            connection = stack.enter_context(Connection(it.port, small_window=True))
            connection.socket.sendall(request(site.large))
            assert connection.head()[0] == 200
        if it.kind.bears:
            assert stack.enter_context(Connection(it.port)).ask("/page").status == 200
        if it.kind.bounded:
            time.sleep(0.3)
            assert it.server.memory() - before < 30 * MEGABYTE


def test_many_at_once_are_answered_each_with_its_own(it: Running, site: Site) -> None:
    wanted = {site.css: len(CSS), site.large: len(LARGE), "/static/none.css": 10, "/page": 21, "/robots.txt": 6}

    def ask(target: str) -> tuple[int, bool]:
        with Connection(it.port) as connection:
            answer = connection.ask(target)
        return answer.length, target != site.large or answer.sha256 == DIGEST

    targets = [*wanted] * 4
    with ThreadPoolExecutor(6) as pool:
        assert [*pool.map(ask, targets)] == [(wanted[target], True) for target in targets]


def test_http_2(it: Running, site: Site) -> None:
    if not it.kind.h2:
        pytest.skip("only on servers that speak HTTP/2")
    with httpx.Client(base_url=f"http://{HOST}:{it.port}", http1=False, http2=True, timeout=20) as client:
        for target, method, fields in ASKED:
            path = site.path(target)
            sent = {"accept-encoding": "identity"} | fields
            with client.stream(method, path, headers=sent) as got:
                body = b"".join(got.iter_raw())
            expected = site.expected(path, method, sent)
            given = {(name, value) for name, value in got.headers.items() if name not in ADDED_BY_SERVERS}
            assert (got.http_version, got.status_code, body) == ("HTTP/2", expected.status, expected.body)
            assert given == set(expected.fields)
        assert hashlib.sha256(client.get(site.large).content).hexdigest() == DIGEST
        with client.stream("GET", site.large) as left:
            next(left.iter_raw())
        assert client.get("/page").content == b"/page and a body of 0"
    assert "Traceback" not in it.log(), it.log()
