"""One protocol of uvicorn beside another: what comes back, what the application sees, how the connection ends."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from random import Random
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from tools.lane_loop import Loop, Transport, Wire
from tools.lane_requests import Site

FIXED = [(b"date", b"Sat, 21 Nov 2026 13:04:02 GMT"), (b"server", b"uvicorn")]
LOGGERS = ("uvicorn.error", "uvicorn.access")
BROKEN = b"Invalid HTTP request received."
LARGE = b"large.bin"
_STEPS = 10_000


@dataclass
class Log(logging.Handler):
    """The lines of uvicorn's loggers."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def install(self) -> None:
        """Take the lines from now on."""
        for logger in map(logging.getLogger, LOGGERS):
            logger.handlers, logger.propagate = [self], False
            logger.setLevel(logging.INFO)

    def remove(self) -> None:
        for logger in map(logging.getLogger, LOGGERS):
            logger.handlers, logger.propagate = [], True

    def emit(self, record: logging.LogRecord) -> None:
        error = f" {record.exc_info[1]!r}" if record.exc_info else ""
        self.lines.append(f"{record.name} {record.getMessage()}{error}")

    __hash__ = logging.Handler.__hash__


class Application:
    """Writes down what it sees. Its pages differ in when they read, when they answer, and how much."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        about = {name: value for name, value in scope.items() if name not in ("state", "extensions")}
        if scope["type"] == "websocket":
            self.seen.append(about)
            await receive()
            await send({"type": "websocket.close"})
            return
        body = b"" if scope["path"].endswith("/unread") else await self._read(receive)
        self.seen.append((about, body))
        if scope["path"].endswith("/broken"):
            raise RuntimeError("as asked")
        size = 100_000 if scope["path"].endswith("/long") else 20
        declared = [(b"content-length", b"%d" % (size * 2))] if scope["query_string"] else []
        await send({"type": "http.response.start", "status": 200, "headers": [(b"X-Page", b"1"), *declared]})
        await send({"type": "http.response.body", "body": b"a" * size, "more_body": True})
        await send({"type": "http.response.body", "body": b"b" * size})

    async def _read(self, receive: Any) -> bytes:
        body: bytes = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                return body
        self.seen.append(message["type"])
        return body


@dataclass
class Subject:
    """One protocol class with its application, on a loop of its own."""

    protocol: type
    config: Config
    application: Application
    loop: Loop
    log: Log
    takes_threads: bool = False
    wire: Wire = field(default_factory=Wire)

    def run(self, chunks: Sequence[bytes], seed: int) -> dict[str, Any]:
        """What becomes of a connection that brings these chunks."""
        random = Random(seed)
        state = ServerState()
        state.default_headers = FIXED
        self.application.seen, self.log.lines = [], []
        transport = Transport(self.loop, self.wire, is_slow=random.random() < 0.2)
        connection = self.protocol(self.config, state, {}, self.loop)
        transport.set_protocol(connection)
        connection.connection_made(transport)
        given = self._feed(transport, chunks, random)
        self._settle(transport)
        while self.takes_threads and any(thread.name.endswith("(join)") for thread in threading.enumerate()):
            time.sleep(0.0002)  # asgiref's: they end by themselves, and tell the loop
            self._settle(transport)
        self._settle(transport)
        found = {
            "given": given,
            "takes a thread": self.takes_threads or LARGE in b"".join(chunks),
            "sent": transport.sent(),
            "closing": transport.is_closing(),
            "reading": transport.takes,
            "requests": state.total_requests,
            "tasks": len(state.tasks),
            "connections": len(state.connections),
            "upgraded": transport.get_protocol() is not connection,
            "broken by": transport.broken_by,
            "queued": len(getattr(connection, "pipeline", ())),
        }
        found["timer"] = self._timer(connection, transport)
        self._end(transport)
        found |= {"seen": self.application.seen, "log": self.log.lines, "in the end": len(state.tasks)}
        return found

    def _feed(self, transport: Transport, chunks: Sequence[bytes], random: Random) -> int:
        """The number of chunks that were taken. Between two of them time passes, and often the client reads."""
        given = 0
        for chunk in chunks:
            if not transport.takes or transport.is_full:
                self._settle(transport)
            if not transport.takes:
                break
            self.loop.call_soon(transport.bring, chunk)
            self.loop.run()
            given += 1
            dice = random.random()
            if dice < 0.7:
                self._settle(transport)
            if dice < 0.3:
                self.loop.now += 10 * dice
                self.loop.run()
        return given

    def _settle(self, transport: Transport) -> None:
        self.loop.run()
        for _ in range(_STEPS):
            if not transport.drain():
                return
            self.loop.run()
        raise RuntimeError("it never ends")

    def _timer(self, connection: Any, transport: Transport) -> tuple[bool, bool]:
        """Whether the connection is closed when it has been idle for as long as uvicorn says, and not before."""
        before = transport.is_closing()
        self.loop.now += self.config.timeout_keep_alive - 0.5
        self.loop.run()
        early = transport.is_closing() and not before
        self.loop.now += 1
        self.loop.run()
        return (early, transport.is_closing())

    def _end(self, transport: Transport) -> None:
        transport.abort()
        self._settle(transport)
        self.loop.forget()
        assert not self.loop.writers


def subject(
    protocol: type,
    application: Any,
    inner: Application,
    loop: Loop,
    log: Log,
    *,
    takes_threads: bool = False,
    **options: Any,
) -> Subject:
    """It is ready when its configuration is."""
    config = Config(application, lifespan="off", log_config=None, ws="wsproto", timeout_keep_alive=3, **options)
    config.load()
    return Subject(protocol, config, inner, loop, log, takes_threads=takes_threads)


@dataclass
class Pair:
    """A protocol with the lane and the same without, and how many requests of how many the lane has answered."""

    site: Site
    with_lane: Subject
    without: Subject
    answered: int = 0
    asked: int = 0

    def close(self) -> None:
        """Give back what the system has given, and the loggers."""
        self.with_lane.log.remove()
        for side in (self.with_lane, self.without):
            side.wire.close()
            side.loop.close()

    def difference(self, chunks: Sequence[bytes], seed: int) -> str:
        """What differs; empty if nothing does.

        A large file is opened in a thread, without the lane. What comes behind it in the same chunk can be quicker or
        slower than that, and the lane may do what uvicorn does in either case.
        """
        before = getattr(self.with_lane.protocol, "answers", 0)
        found = self.with_lane.run(chunks, seed)
        self.answered += getattr(self.with_lane.protocol, "answers", 0) - before
        self.asked += found["requests"]
        differences = _differences(self.without.run(chunks, seed), found)
        if differences and found["takes a thread"]:
            self.without.loop.has_quick_threads = True
            differences = _differences(self.without.run(chunks, seed), found)
            self.without.loop.has_quick_threads = False
        return differences


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> str:
    for each in (expected, found):
        _forget_unsent(each)
    return "\n".join(
        _told(name, repr(expected[name]), repr(found[name])) for name in expected if expected[name] != found[name]
    )


def _forget_unsent(found: dict[str, Any]) -> None:
    """What uvicorn does itself, now so, now otherwise, where an answer takes a thread: it goes on with the chunk.

    Behind a broken request it may log, count and begin an answer that nobody gets; from behind a request for a
    websocket it writes into the other protocol's connection.
    """
    if not found["takes a thread"]:
        return
    place = found["sent"].find(BROKEN)
    if place >= 0:
        found["sent"] = found["sent"][: place + len(BROKEN)]
        found["log"] = list(takewhile(lambda line: BROKEN.decode() not in line, found["log"] or ()))
        found["requests"] = None
    if found["upgraded"]:
        found["sent"] = b""
        found |= dict.fromkeys(("log", "requests", "queued", "seen"))


def _told(name: str, expected: str, found: str) -> str:
    """Where two texts part."""
    same = next(
        (place for place, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]), len(expected)
    )
    start = max(0, same - 80)
    return f"{name}, from {same}:\n  without {expected[start : same + 300]}\n  with    {found[start : same + 300]}"
