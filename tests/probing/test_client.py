"""Questions to real sockets: what is sent, what is kept, where it ends."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from tests.system.certificate import write_certificate

from clearway.probing.answer import Answer
from clearway.probing.client import Client
from clearway.probing.dialling import doubting, trusting
from clearway.probing.request import Request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers each connection with a list of replies, one for each request; `got` are the heads."""

    def __init__(self, connections: list[list[bytes]], wrap: Callable[[socket.socket], socket.socket]) -> None:
        self.got: list[str] = []
        self._connections, self._wrap = connections, wrap
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        for replies in self._connections:
            try:
                with self._listener.accept()[0] as plain, self._wrap(plain) as line:
                    line.settimeout(10)
                    for reply in replies:
                        self.got.append(self._head(line))
                        line.sendall(reply)
            except OSError:
                continue

    def _head(self, line: socket.socket) -> str:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = line.recv(4096)
            if not piece:
                raise ConnectionError
            data += piece
        return data.decode()

    def request(self, target: str = "/", **more: str) -> Request:
        return Request("http", "shop.example", self.port, target, "127.0.0.1", more)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
        self._listener.close()
        self._thread.join(10)


@contextmanager
def serving(
    *connections: list[bytes], wrap: Callable[[socket.socket], socket.socket] = lambda plain: plain
) -> Iterator[Server]:
    with closing(Server(list(connections), wrap)) as server:
        yield server


def test_a_question_goes_to_the_address_under_the_name_of_the_host() -> None:
    with serving([OK]) as server, closing(Client()) as client:
        answer = client.ask(server.request("/a/../%2e?q", Accept="text/css"))
    (got,) = server.got
    assert got.splitlines()[:2] == ["GET /a/../%2e?q HTTP/1.1", f"Host: shop.example:{server.port}"]
    assert "Accept: text/css" in got.splitlines()
    assert (answer.status, answer.body) == (200, b"ok")
    assert (answer.peer, answer.is_here) == (f"127.0.0.1:{server.port}", True)


def test_connections_are_used_again() -> None:
    with serving([OK, OK, OK]) as server, closing(Client()) as client:
        assert [client.ask(server.request(str(number))).body for number in range(3)] == [b"ok"] * 3


def test_a_kept_connection_that_was_closed_is_opened_anew() -> None:
    with serving([OK], [OK]) as server, closing(Client()) as client:
        assert [client.ask(server.request()).body for _ in range(2)] == [b"ok"] * 2


def test_a_connection_that_the_server_closes_is_not_kept() -> None:
    reply = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end"
    with serving([reply], [reply]) as server, closing(Client()) as client:
        assert [client.ask(server.request()).body for _ in range(2)] == [b"until the end"] * 2


def test_rows_of_one_name_are_all_there() -> None:
    reply = OK.replace(b"\r\n\r\n", b"\r\nVary: Origin\r\nvary: Accept-Encoding\r\n\r\n")
    with serving([reply]) as server, closing(Client()) as client:
        answer = client.ask(server.request())
    assert answer.all("Vary") == ["Origin", "Accept-Encoding"]
    assert answer.headers["vary"] == "Origin, Accept-Encoding"


@pytest.mark.parametrize(
    ("reply", "body", "goes_on", "is_cut"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1234", b"1234", False, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345", b"1234", True, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12", b"12", False, True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n0\r\n\r\n", b"12", False, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n", b"12", False, True),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", b"", False, False),
    ],
)
def test_a_body_ends_at_its_bound_or_is_cut(reply: bytes, body: bytes, *, goes_on: bool, is_cut: bool) -> None:
    with serving([reply]) as server, closing(Client(octets=4)) as client:
        answer = client.ask(server.request())
    assert (answer.body, answer.goes_on, answer.is_cut) == (body, goes_on, is_cut)


@pytest.mark.parametrize("reply", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"])
def test_no_answer_is_an_error_of_the_system(reply: bytes) -> None:
    with serving([reply], [reply]) as server, closing(Client()) as client:
        if reply.startswith(b"HTTP"):
            assert client.ask(server.request()).body == b""
        else:
            with pytest.raises(OSError, match=r"\w"):
                client.ask(server.request())


def test_nobody_there_is_an_error_of_the_system() -> None:
    with serving() as server:
        pass
    with pytest.raises(ConnectionRefusedError), closing(Client()) as client:
        client.ask(server.request())


# --- certificates


@pytest.fixture
def wrap(tmp_path: Path) -> Callable[[socket.socket], socket.socket]:
    write_certificate(tmp_path / "chain.pem", tmp_path / "key.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "chain.pem", tmp_path / "key.pem")
    return lambda plain: context.wrap_socket(plain, server_side=True)


def secure(server: Server) -> Request:
    return Request("https", "127.0.0.1", server.port, "/")


def test_who_doubts_says_so_and_asks(wrap: Callable[[socket.socket], socket.socket]) -> None:
    with serving([], [OK], wrap=wrap) as server, closing(Client(doubting)) as client:
        answer = client.ask(secure(server))
    assert answer.body == b"ok"
    assert "self-signed" in answer.doubt


def test_who_trusts_asks_nothing_of_a_stranger(wrap: Callable[[socket.socket], socket.socket]) -> None:
    with serving([OK], wrap=wrap) as server, pytest.raises(ssl.SSLCertVerificationError):
        Client(trusting).ask(secure(server))
    assert server.got == []


# --- values


@pytest.mark.parametrize(
    ("scheme", "host", "port", "authority"),
    [
        ("http", "shop.example", 80, "shop.example"),
        ("https", "shop.example", 443, "shop.example"),
        ("http", "shop.example", 443, "shop.example:443"),
        ("http", "[::1]", 8000, "[::1]:8000"),
        ("https", "::1", 443, "[::1]"),
    ],
)
def test_the_host_that_is_asked_for(scheme: str, host: str, port: int, authority: str) -> None:
    assert Request(scheme, host, port, "/").authority == authority


def test_an_answer_by_itself() -> None:
    answer = Answer(404, (("X-A", "1"), ("x-a", "2")))
    assert answer.headers == {"x-a": "1, 2"}
    assert answer.all("X-A") == ["1", "2"]
