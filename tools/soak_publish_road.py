"""The road from one publisher to a bucket: a proxy that counts requests, spoils some, and lets things happen at one."""

import http.client
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from random import Random
from threading import Lock, Thread
from time import sleep
from typing import Any

SILENT = 2.5  # seconds: longer than the publisher waits, see TIMEOUT
TIMEOUT = "2s"
LATEST = 1.5  # seconds for which an answer, or the last request of a killed run, is held back at most
CONDITIONS = ("if-match", "if-none-match")
FAULTS = ("error", "busy", "conflict", "reset", "silent", "late", "late", "lost", "lost", "cut")
_REFUSALS = {
    "error": (500, "InternalError"),
    "busy": (503, "SlowDown"),
    "conflict": (409, "ConditionalRequestConflict"),
    "unknown": (501, "NotImplemented"),
}
_OF_THE_LINE = {"connection", "transfer-encoding", "keep-alive", "server", "content-length"}
_MODIFIED = re.compile(rb"(?<=<LastModified>)[^<]+(?=</LastModified>)")


@dataclass(frozen=True)
class Happening:
    """What is done at the request of a number, before the store has it or after: whether the request goes on."""

    at: int
    is_after: bool
    do: Callable[[], bool]


@dataclass
class Road:
    """`share` of the requests are spoilt; a store of another `kind` overwrites, or refuses conditions.

    `skew` (seconds) is how far the clock of the store is ahead.
    """

    store: str  # host:port
    chance: Random
    share: float = 0.0
    happening: Happening | None = None
    kind: str = ""
    skew: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    url: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _choosing: Lock = field(default_factory=Lock)

    def fault(self, is_conditional: bool) -> str:
        with self._choosing:
            if self.chance.random() >= self.share:
                return ""
            found = self.chance.choice(FAULTS)
            found = "busy" if found == "conflict" and not is_conditional else found
            self.counts[found] += 1
            return found

    def number(self) -> int:
        self.asked = next(self._numbers)
        return self.asked

    def happens(self, number: int, *, is_after: bool) -> bool:
        """Whether the request goes on."""
        now = self.happening
        return now.do() if now and now.at == number and now.is_after == is_after else True

    def pause(self) -> float:
        with self._choosing:
            return self.chance.uniform(0.1, LATEST)


@contextmanager
def opened(road: Road) -> Iterator[Road]:
    """The proxy listens at `road.url`. What is on its way when this ends arrives nevertheless."""
    server = _Server(("127.0.0.1", 0), _Relay)
    server.road = road
    road.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield road
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    road: Road

    def handle_error(self, *_: object) -> None:
        """A client that was killed."""


class _ResetError(ConnectionError):
    """The connection ends without an answer, or in the middle of one."""


class _Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        try:
            self._relay()
        except _ResetError:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        except ConnectionError:
            self.close_connection = True

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815  # http.server looks for these names

    def _relay(self) -> None:
        road: Road = self.server.road  # type: ignore[attr-defined]
        fields = {name.lower(): value for name, value in self.headers.items() if name.lower() != "connection"}
        body = self.rfile.read(int(fields.get("content-length", 0)))
        number, is_conditional = road.number(), self.command == "PUT" and any(each in fields for each in CONDITIONS)
        if road.kind == "unknown" and is_conditional:
            return self._refuse("unknown")
        if road.kind == "overwrites":
            fields = {name: value for name, value in fields.items() if name not in CONDITIONS}
        fault = road.fault(is_conditional)
        if fault in _REFUSALS:
            return self._refuse(fault)
        if fault in ("reset", "silent"):
            sleep(SILENT if fault == "silent" else 0)
            raise _ResetError
        if fault == "late":
            sleep(road.pause())
        if not road.happens(number, is_after=False):
            raise _ResetError
        status, answer, content = asked(road.store, self.command, self.path, fields, body)
        if not road.happens(number, is_after=True) or fault == "lost":
            raise _ResetError
        return self._send(status, _shifted(answer, road.skew), _shifted_list(content, road.skew), fault == "cut")

    def _refuse(self, fault: str) -> None:
        status, code = _REFUSALS[fault]
        self._send(status, {"Content-Type": "application/xml"}, f"<Error><Code>{code}</Code></Error>".encode(), False)

    def _send(self, status: int, fields: dict[str, str], body: bytes, is_cut: bool) -> None:
        self.send_response_only(status)
        length = fields.pop("length", str(len(body)))
        for name, value in {**fields, **({} if status == 204 else {"Content-Length": length})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if is_cut else body)
        if is_cut:
            raise _ResetError

    def log_message(self, *_: object) -> None:
        """Nothing."""


def asked(store: str, method: str, path: str, fields: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """What the store answers; `length` is the Content-Length that it gave to HEAD."""
    with closing(http.client.HTTPConnection(store, timeout=120)) as line:
        line.request(method, path, body, fields)
        reply = line.getresponse()
        kept = {name: value for name, value in reply.getheaders() if name.lower() not in _OF_THE_LINE}
        if method == "HEAD":
            kept["length"] = reply.headers.get("Content-Length", "0")
        return reply.status, kept, reply.read()


def _shifted(fields: dict[str, str], skew: float) -> dict[str, str]:
    """As a store says it whose clock is wrong."""
    if not skew:
        return fields
    changed: dict[str, Any] = {name: value for name, value in fields.items() if name in ("Date", "Last-Modified")}
    moved = {name: parsedate_to_datetime(value) + timedelta(seconds=skew) for name, value in changed.items()}
    return fields | {name: format_datetime(value.astimezone(UTC), usegmt=True) for name, value in moved.items()}


def _shifted_list(body: bytes, skew: float) -> bytes:
    def moved(found: re.Match[bytes]) -> bytes:
        when = datetime.fromisoformat(found[0].decode()) + timedelta(seconds=skew)
        return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()

    return _MODIFIED.sub(moved, body) if skew else body
