"""The bulk of the lanes' traffic: connections that are kept busy, each answer compared with what it has to be."""

import select
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tools.lane_traffic_exchange import Exchange, Menu, Shares

CONNECTIONS = 24
PATIENCE = 20.0  # seconds without any event, after which the server is wedged
TRIES = 3  # of a request that is not answered because its connection was closed
UNANSWERED = "closed without an answer, and asked again"
_PIECE = 1 << 18
_SCRIPT = 4000  # exchanges, which every connection goes through from a place of its own
_TOLD = 2000  # exchanges between two reports


@dataclass
class Tally:
    """What visitors counted and what they found wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def wrong(self, what: str, asked: bytes = b"", got: bytes | bytearray = b"") -> None:
        about = f": {asked[:300]!r} was answered with {len(got)} octets, {bytes(got[:400])!r}" if asked else ""
        self.found.append(what + about)

    def add(self, other: "Tally") -> None:
        self.counts += other.counts
        self.found += other.found


class Visitor:
    """A connection, where it is in the script, and the answer that it waits for."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.socket: socket.socket | None = None
        self.exchange: Exchange | None = None
        self.got = bytearray()
        self.is_answered = False  # and only the end of the connection is still to come
        self.tries = 0


@dataclass(frozen=True)
class Told:
    """What a crowd is told: whether to go on, whether the server is about to end; and whom it tells of its answers."""

    goes_on: Callable[[], bool]
    is_ending: Callable[[], bool]
    answered: Callable[[int], None]


class Crowd:
    """Visitors that ask for as long as they are told to, or until something is wrong."""

    def __init__(self, address: tuple[str, int], menu: Menu, seed: int, told: Told) -> None:
        self._address, self._told = address, told
        self._script = menu.script(Random(seed), _SCRIPT, Shares())
        self._epoll = select.epoll()
        self._visitors = [Visitor(number * _SCRIPT // CONNECTIONS) for number in range(CONNECTIONS)]
        self._by_descriptor: dict[int, Visitor] = {}
        self._number = self._answered = 0
        self._over = False
        self.tally = Tally()

    def run(self) -> Tally:
        """What was counted, and what was wrong."""
        try:
            for visitor in self._visitors:
                self._ask_next(visitor)
            while self._by_descriptor:
                self._one_round()
        except TimeoutError:
            asked = [each.exchange.request[:100] for each in self._visitors if each.exchange]
            self.tally.wrong(f"no answer for {PATIENCE:.0f} seconds to {len(asked)} requests, {asked!r}")
        finally:
            for visitor in self._visitors:
                self._leave(visitor)
            self._epoll.close()
        self._told.answered(self._answered)
        return self.tally

    def _one_round(self) -> None:
        ready = self._epoll.poll(PATIENCE)
        if not ready:
            raise TimeoutError
        for descriptor, _ in ready:
            if visitor := self._by_descriptor.get(descriptor):
                self._read(visitor)
        if self._answered >= _TOLD:
            self._told.answered(self._answered)
            self._answered = 0
            self._over = not self._told.goes_on() or bool(self.tally.found)

    # --- asking

    def _ask_next(self, visitor: Visitor) -> None:
        if self._over:
            self._leave(visitor)
            return
        exchange = self._script[visitor.place]
        visitor.place = (visitor.place + 1) % _SCRIPT
        if exchange.is_numbered:
            self._number += 1
            exchange = exchange.numbered(self._number)
        visitor.exchange, visitor.tries, visitor.is_answered = exchange, 0, False
        self._send(visitor, exchange)

    def _send(self, visitor: Visitor, exchange: Exchange) -> None:
        try:
            connection = visitor.socket or self._enter(visitor)
            if connection.send(exchange.request) < len(exchange.request):
                self.tally.wrong("not all of a request was taken", exchange.request)
        except OSError:
            self._unanswered(visitor, exchange)

    def _enter(self, visitor: Visitor) -> socket.socket:
        connection = visitor.socket = socket.create_connection(self._address, PATIENCE)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._by_descriptor[connection.fileno()] = visitor
        self._epoll.register(connection, select.EPOLLIN)
        self.tally.counts["connections"] += 1
        return connection

    def _leave(self, visitor: Visitor) -> None:
        if visitor.socket:
            del self._by_descriptor[visitor.socket.fileno()]
            visitor.socket.close()
            visitor.socket = None
        visitor.exchange, visitor.got = None, bytearray()

    def _unanswered(self, visitor: Visitor, exchange: Exchange) -> None:
        """A server may close a connection between two requests; whoever has just asked asks again elsewhere."""
        tries = visitor.tries + 1
        self._leave(visitor)
        if self._told.is_ending():
            return
        self.tally.counts[UNANSWERED] += 1
        if tries >= TRIES:
            self.tally.wrong(f"closed without an answer, {tries} times", exchange.request)
            return
        visitor.exchange, visitor.tries = exchange, tries
        self._send(visitor, exchange)

    # --- what comes back

    def _read(self, visitor: Visitor) -> None:
        assert visitor.socket
        assert visitor.exchange
        try:
            data = visitor.socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._ended(visitor, visitor.exchange)
        elif not visitor.got and not visitor.is_answered and visitor.exchange.matches(data):
            self._took(visitor, visitor.exchange)
        else:
            visitor.got += data
            self._judge(visitor, visitor.exchange)

    def _judge(self, visitor: Visitor, exchange: Exchange) -> None:
        got = visitor.got
        if visitor.is_answered:
            self._wrong(visitor, "something behind the last answer")
        elif len(got) >= exchange.length:
            if exchange.matches(got):
                self._took(visitor, exchange)
            elif not any(ending.begins(got) for ending in exchange.endings):
                self._wrong(visitor, "another answer")

    def _took(self, visitor: Visitor, exchange: Exchange) -> None:
        self._answered += exchange.count
        if visitor.got:
            visitor.got = bytearray()
        visitor.is_answered = exchange.closes
        if not exchange.closes:
            self._ask_next(visitor)

    def _ended(self, visitor: Visitor, exchange: Exchange) -> None:
        """The server has closed the connection."""
        ending = next((each for each in exchange.endings if each.matches(visitor.got)), None)
        if visitor.is_answered:
            self._leave(visitor)
            self._ask_next(visitor)
        elif not visitor.got:
            self._unanswered(visitor, exchange)
        elif ending:
            self._answered += ending.count
            self.tally.counts["last answers of a worker"] += 1
            self._leave(visitor)
            self._ask_next(visitor)
        else:
            self._wrong(visitor, "cut off")

    def _wrong(self, visitor: Visitor, what: str) -> None:
        assert visitor.exchange
        self.tally.wrong(what, visitor.exchange.request, visitor.got)
        self._leave(visitor)
        self._over = True
