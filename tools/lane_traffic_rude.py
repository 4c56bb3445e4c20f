"""Visitors of the lanes' traffic who do not behave: they stall, reset, half-close, pipeline, dribble and send nonsense.

Whoever waits for answers has to get them, to the octet and in order; whoever does not must leave nothing behind.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random

from tools.lane_traffic_crowd import Tally, Told
from tools.lane_traffic_exchange import Exchange, Menu

VISITORS = 12
PATIENCE = 20.0  # seconds without an octet, after which the server is wedged
GONE = "rude: closed without an answer"
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset
_PIECE = 1 << 16
NONSENSE = (
    b"GET / HTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /static/%zz HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET /page?n=1 HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"GET /page?n=1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
)


class Rude:
    """One of them, in a thread of its own; `answers_half_closed`: the server answers also whoever sends no more."""

    def __init__(
        self, address: tuple[str, int], menu: Menu, seed: int, told: Told, *, answers_half_closed: bool
    ) -> None:
        self._address, self._menu, self._told = address, menu, told
        self._random = Random(seed)
        self._answers_half_closed = answers_half_closed
        self._number = 0
        self.tally = Tally()

    def run(self) -> None:
        """Do one thing after another until it is over."""
        while self._told.goes_on():
            way = self._random.choice(WAYS)
            name = way.__name__.replace("_", " ")
            try:
                way(self)
            except TimeoutError:
                self.tally.wrong(f"{name}: nothing came for {PATIENCE:.0f} seconds")
            except OSError:
                if way in ANSWERED and not self._told.is_ending():
                    self.tally.counts[GONE] += 1
                time.sleep(0.05)
            else:
                self.tally.counts[f"rude: {name}"] += 1

    # --- what they do

    def stall(self) -> None:
        """In the middle of a request."""
        exchange = self._one()
        place = self._random.randrange(1, len(exchange.request))
        with self._connection() as connection:
            connection.sendall(exchange.request[:place])
            time.sleep(self._random.choice((0.01, 0.1, 1.5)))
            connection.sendall(exchange.request[place:])
            self._expect(connection, exchange)

    def dribble(self) -> None:
        exchange = self._one()
        with self._connection() as connection:
            for place in range(len(exchange.request)):
                connection.sendall(exchange.request[place : place + 1])
            self._expect(connection, exchange)

    def abandon(self) -> None:
        """Half a request, and then nothing."""
        exchange = self._one()
        with self._connection() as connection:
            connection.sendall(exchange.request[: self._random.randrange(len(exchange.request))])
            time.sleep(self._random.choice((0, 0.2, 1)))
            self._end(connection)

    def leave_early(self) -> None:
        """Ask for a lot and go while it comes."""
        with self._connection(window=self._random.choice((None, 8192))) as connection:
            connection.sendall(self._large().request * self._random.choice((1, 3)))
            connection.recv(self._random.choice((1, 500, 200_000)))
            time.sleep(self._random.choice((0, 0.05, 0.5)))
            self._end(connection)

    def half_close(self) -> None:
        """Ask, say that nothing more will come, and wait for the answer and the end."""
        exchange = self._random.choice((self._one(), self._large(), self._batch()))
        with self._connection() as connection:
            connection.sendall(exchange.request)
            connection.shutdown(socket.SHUT_WR)
            if self._answers_half_closed:
                self._expect(connection, exchange)
                self._expect_end(connection)
            else:
                self._expect_any_of(connection, exchange)

    def pipeline(self) -> None:
        exchange = self._batch()
        with self._connection() as connection:
            for octets in self._parts(exchange.request):
                connection.sendall(octets)
            self._expect(connection, exchange)

    def read_slowly(self) -> None:
        """A large file, with pauses, and one more request behind it."""
        exchange = self._large()
        last = self._page()
        with self._connection(window=16384) as connection:
            connection.sendall(exchange.request)
            self._expect(connection, exchange, lambda: time.sleep(self._random.choice((0, 0, 0.01))), 32768)
            connection.sendall(last.request)
            self._expect(connection, last)

    def stall_while_reading(self) -> None:
        exchange = self._large()
        with self._connection(window=8192) as connection:
            connection.sendall(exchange.request)
            time.sleep(self._random.choice((0.5, 2, 4)))
            self._expect(connection, exchange)

    def wait_first(self) -> None:
        """Say nothing for a while."""
        with self._connection() as connection:
            time.sleep(self._random.choice((0.2, 1, 3)))
            if self._random.random() < 0.5:
                return
            exchange = self._one()
            connection.sendall(exchange.request)
            self._expect(connection, exchange)

    def send_nonsense(self) -> None:
        """The server refuses it, or waits for more; it waits for no more from who sends no more."""
        with self._connection() as connection:
            connection.sendall(self._random.choice(NONSENSE))
            if self._random.random() < 0.5:
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(_PIECE):
                    pass
            else:
                connection.settimeout(1)
                with suppress(TimeoutError):
                    connection.recv(_PIECE)

    # --- what they ask for

    def _numbered(self, exchange: Exchange) -> Exchange:
        self._number += 1
        return exchange.numbered(self._number)

    def _one(self) -> Exchange:
        return self._numbered(self._random.choice(self._random.choice((self._menu.static, self._menu.pages))))

    def _page(self) -> Exchange:
        return self._numbered(self._random.choice(self._menu.pages))

    def _large(self) -> Exchange:
        return self._numbered(self._random.choice(self._menu.large))

    def _batch(self) -> Exchange:
        exchange = self._menu.batch(self._random, self._random.randint(2, 12))
        if self._random.random() < 0.3:
            exchange = exchange.then(self._random.choice(self._menu.large))
        return self._numbered(exchange.then(self._random.choice(self._menu.pages)))

    def _parts(self, octets: bytes) -> Iterator[bytes]:
        if self._random.random() < 0.5:
            yield octets
            return
        place = self._random.randrange(len(octets))
        yield octets[:place]
        time.sleep(0.01)
        yield octets[place:]

    # --- connections

    @contextmanager
    def _connection(self, window: int | None = None) -> Iterator[socket.socket]:
        with socket.socket() as connection:
            connection.settimeout(PATIENCE)
            if window:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            connection.connect(self._address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield connection

    def _end(self, connection: socket.socket) -> None:
        if self._random.random() < 0.5:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _expect(
        self, connection: socket.socket, exchange: Exchange, pause: Callable[[], None] | None = None, size: int = _PIECE
    ) -> None:
        """The whole answer; less, at a border between two, from a worker that is about to end."""
        got = bytearray()
        while len(got) < exchange.length:
            try:
                data = connection.recv(min(size, exchange.length - len(got)))
            except ConnectionResetError:
                data = b""
            if not data:
                break
            got += data
            if pause:
                pause()
        if exchange.matches(got):
            self.tally.counts["rude: answers"] += exchange.count
        elif not got:
            raise ConnectionAbortedError
        else:
            self._expect_ending(connection, exchange, got)

    def _expect_ending(self, connection: socket.socket, exchange: Exchange, got: bytearray) -> None:
        if len(got) >= exchange.length:
            got += connection.recv(_PIECE)  # to say that it closes takes some octets more
        if any(ending.matches(got) for ending in exchange.endings):
            self.tally.counts["rude: last answers of a worker"] += 1
        else:
            self.tally.wrong("another answer", exchange.request, got)

    def _expect_end(self, connection: socket.socket) -> None:
        if data := connection.recv(_PIECE):
            self.tally.wrong("something behind the last answer", b"(half-closed)", data)

    def _expect_any_of(self, connection: socket.socket, exchange: Exchange) -> None:
        """Some answers from the first on, each whole."""
        got = bytearray()
        try:
            while data := connection.recv(_PIECE):
                got += data
        except ConnectionResetError:
            pass
        if not exchange.matches(got) and got and not any(each.matches(got) for each in exchange.endings):
            self.tally.wrong("half of an answer", exchange.request, got)


Way = Callable[[Rude], None]
ANSWERED: tuple[Way, ...] = (
    Rude.stall,
    Rude.dribble,
    Rude.half_close,
    Rude.pipeline,
    Rude.read_slowly,
    Rude.stall_while_reading,
    Rude.wait_first,
)
WAYS: tuple[Way, ...] = (*ANSWERED, Rude.abandon, Rude.leave_early, Rude.send_nonsense)


def run(address: tuple[str, int], menu: Menu, seed: int, told: Told, *, answers_half_closed: bool) -> Tally:
    """All of them, until it is over."""
    visitors = [
        Rude(address, menu, seed * 1000 + number, told, answers_half_closed=answers_half_closed)
        for number in range(VISITORS)
    ]
    threads = [threading.Thread(target=visitor.run) for visitor in visitors]
    for thread in threads:
        thread.start()
    tally = Tally()
    for thread, visitor in zip(threads, visitors, strict=True):
        thread.join()
        tally.add(visitor.tally)
    return tally
