"""Many connections at once to a server on a real socket: each brings its chunks, and what comes back is kept."""

import heapq
import select
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

_AT_ONCE = 48
_PIECE = 1 << 18
_ROUND = 0.001
_PAUSES = 8  # of one connection
_ANSWERED = 1.0  # seconds in which the first chunk, a request, surely has its answer
_PAUSE = 0.03  # seconds between two chunks that are to arrive apart, unless an answer comes before


class WedgedError(Exception):
    """A server has not closed connections that have ended on the client's side."""


@dataclass
class Exchange:
    """One connection: what it brings, when, and what came back until its end.

    After the last chunk the client ends its side, so that a server which still waits for more knows the end.
    """

    number: int
    chunks: Sequence[bytes]
    pauses: Sequence[bool]
    port: int = 0
    received: list[bytes] = field(default_factory=list)
    sent: int = 0
    due: float = 0.0

    @property
    def octets(self) -> bytes:
        return b"".join(self.received)


def exchanges(streams: Iterable[tuple[int, Sequence[bytes]]], seed: int) -> Iterator[Exchange]:
    """With a pause after the first and some other chunks, so that the server sees them apart."""
    for number, chunks in streams:
        random = Random(seed * 7919 + number)
        most = 0.9 if random.random() < 0.8 else 0.0
        pauses = [random.random() < min(most, _PAUSES / len(chunks)) for _ in chunks]
        yield Exchange(number, chunks, [True, *pauses[1:]])


class Client:
    """Runs exchanges against one address. Raises `WedgedError` when none of them goes on for `patience` seconds."""

    def __init__(self, address: tuple[str, int], patience: float = 20.0) -> None:
        self._address, self._patience = address, patience
        self._epoll = select.epoll()
        self._open: dict[int, tuple[socket.socket, Exchange]] = {}
        self._due: list[tuple[float, int, socket.socket, Exchange]] = []

    def run(self, todo: Iterator[Exchange]) -> Iterator[Exchange]:
        """Give the exchanges as they end."""
        heard = time.monotonic()
        while True:
            while len(self._open) < _AT_ONCE and (exchange := next(todo, None)):
                self._begin(exchange)
            if not self._open:
                return
            for fd, _ in self._epoll.poll(_ROUND if self._due else self._patience):
                heard = time.monotonic()
                if ended := self._read(fd):
                    yield ended
            self._send_due()
            if time.monotonic() - heard > self._patience:
                raise WedgedError([(each.number, each.chunks, each.octets) for _, each in self._open.values()])

    def _begin(self, exchange: Exchange) -> None:
        connection = socket.create_connection(self._address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        exchange.port = connection.getsockname()[1]
        self._open[connection.fileno()] = connection, exchange
        self._epoll.register(connection, select.EPOLLIN)
        self._send(connection, exchange)

    def _send_due(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            due, _, connection, exchange = heapq.heappop(self._due)
            if exchange.due == due and connection.fileno() >= 0:
                self._send(connection, exchange)

    def _send(self, connection: socket.socket, exchange: Exchange) -> None:
        """Send up to the next pause. Chunks are small: they fit into the socket's buffer."""
        exchange.due = 0.0
        try:
            while exchange.sent < len(exchange.chunks):
                connection.sendall(exchange.chunks[exchange.sent])
                exchange.sent += 1
                if exchange.pauses[exchange.sent - 1]:
                    exchange.due = time.monotonic() + (_PAUSE if exchange.sent > 1 else _ANSWERED)
                    heapq.heappush(self._due, (exchange.due, exchange.number, connection, exchange))
                    return
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def _read(self, fd: int) -> Exchange | None:
        connection, exchange = self._open[fd]
        try:
            data = connection.recv(_PIECE)
        except ConnectionResetError:
            data = b""
        if data:
            exchange.received.append(data)
            if exchange.due:
                self._send(connection, exchange)
            return None
        self._epoll.unregister(fd)
        connection.close()
        del self._open[fd]
        return exchange
