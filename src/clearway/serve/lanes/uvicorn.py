"""The lane of uvicorn: answers after its parser has read a head, and before an ASGI cycle begins."""

import logging
import re
from asyncio import Transport
from types import FunctionType
from typing import Any

from uvicorn import __version__
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_client_addr, get_path_with_query_string, is_ssl
from uvicorn.server import ServerState

from clearway.serve.bodies import Body, OpenFile

from .download import Download, Place
from .lane import Lane, Render
from .uvicorn_side import WORTH_COPYING, Found, Given, Side, side_of

_access_logger = logging.getLogger("uvicorn.access")
OLDEST = (0, 30)  # before, a root path was not in a scope's path
# what is used of uvicorn's class: its methods, and what they set
USED = (
    *("data_received", "on_message_begin", "on_headers_complete", "on_message_complete", "on_response_complete"),
    *("timeout_keep_alive_handler", "connection_lost", "_unset_keepalive_if_required"),
    *("parser", "url", "headers", "cycle", "pipeline", "flow", "transport", "loop", "client", "scheme", "root_path"),
    *("connections", "tasks", "limit_concurrency", "server_state", "timeout_keep_alive", "timeout_keep_alive_task"),
    *("access_log", "access_logger", "config", "connection_made", "shutdown", "pause_writing"),
)


def lacking(base: type) -> list[str]:
    """What a class has not, of what is used; an attribute is there if one of its functions names it."""
    codes = [function.__code__ for function in vars(base).values() if isinstance(function, FunctionType)]
    known = {*dir(base), *(name for code in codes for name in code.co_names)}
    return [name for name in USED if name not in known]


if tuple(map(int, re.findall(r"\d+", __version__)[:2])) < OLDEST:
    raise ImportError(f"uvicorn {__version__} is older than {'.'.join(map(str, OLDEST))}")
if lacks := lacking(HttpToolsProtocol):
    raise ImportError(f"uvicorn {__version__} has no {', '.join(lacks)}")


class LaneProtocol(HttpToolsProtocol):
    """uvicorn's protocol; a request that the lane answers never becomes a cycle.

    It is answered when all octets that came with it are parsed, as a cycle would: a broken request behind it comes
    first. Octets that uvicorn's parser has found to be exactly one plain request are such a request again when they
    come again between two requests: these need no parser. A connection that brings nothing else needs nothing of
    uvicorn's: its part of the connection, most of the cost, is made for the first thing that is not so.
    """

    _is_made = False  # uvicorn's part

    @staticmethod
    def find_lane(application: Any, render: Render, script_name: str) -> Lane | None:
        """The lane of an application; what the root module gives."""
        raise NotImplementedError

    def __init__(self, config: Config, server_state: ServerState, *args: Any, **named: Any) -> None:
        if not config.loaded:
            config.load()
        self.config, self.server_state = config, server_state
        self._given = args, named
        self.side = side_of(config, type(self).find_lane)
        if self.side is None:
            self._make()

    def _make(self, transport: Transport | None = None) -> None:
        """Make uvicorn's part of the connection, and what the lane needs beside it."""
        self._is_made = True
        args, named = self._given
        super().__init__(self.config, self.server_state, *args, **named)
        self.download: Download | None = None
        self._begun = 0  # messages, since the octets came that are being parsed
        self._is_between, self._is_last = True, False  # what the parser has read: it reads nothing after the last
        self._found: Found | None = None
        self._place: Place | None = None
        self._idle_since = 0.0
        if transport is not None:
            super().connection_made(transport)

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Count the connection, as uvicorn does; the rest waits until it is needed."""
        if self._is_made:
            return super().connection_made(transport)
        if is_ssl(transport):
            return self._make(transport)
        self.transport, self.scheme = transport, "http"
        return self.server_state.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_made:
            return self.server_state.connections.discard(self)
        if self.download:
            self.download.abandon()
        return super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        side = self.side
        if side is None:
            return super().data_received(data)
        if not self._is_made:
            if self._answers_once(side, data):
                return None
            self._make(self.transport)
        found, was_between = None, self._is_between
        if was_between and not self._is_last and not _is_busy(self):
            found = side.find_unparsed(self, data)
        if found:
            return self._send(*found, None)
        self._begun = 0
        super().data_received(data)
        if self._found:
            found, self._found = self._found, None
            if was_between and self._is_between and self._begun == 1:
                side.heads.remember(data, found[0].head)
            self._send(*found, self._place)
        return None

    def shutdown(self) -> None:
        """End when there is nothing to answer."""
        return super().shutdown() if self._is_made else self.transport.close()

    def pause_writing(self) -> None:
        """A connection that is not made has one short answer at most."""
        if self._is_made:
            super().pause_writing()

    def resume_writing(self) -> None:
        """As above."""
        if self._is_made:
            super().resume_writing()

    def _answers_once(self, side: Side, data: bytes) -> bool:
        """Give the only answer of a connection, a small one that nobody logs; False where there is more to it."""
        state = self.server_state
        limit = self.config.limit_concurrency
        if limit is not None and (len(state.connections) >= limit or len(state.tasks) >= limit):
            return False
        if _access_logger.hasHandlers() or self.transport.is_closing():
            return False
        octets = side.find_only(self, data)
        if octets is None:
            return False
        self.transport.write(octets)
        state.total_requests += 1
        self.transport.close()
        return True

    def on_message_begin(self) -> None:
        self._begun += 1
        self._is_between = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self.side is not None and not _is_busy(self):
            head = self.side.heads.parsed(self)
            self._found = self.side.find(self, head) if head else None
            if head and self._found:
                self._place = self.cycle = Place(head.keep_alive)  # type: ignore[assignment]
                return
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_between, self._is_last = True, not self.parser.should_keep_alive()
        super().on_message_complete()

    def _send(self, given: Given, body: Body, place: Place | None) -> None:
        if not isinstance(body, bytes):
            return self._send_file(given, body, place)
        if self.access_log:
            self._log_access(given)
        if len(body) < WORTH_COPYING:
            self.transport.write(given.start + body)
        else:
            self.transport.writelines((given.start, body))
        if place:
            place.response_complete = True
        return self.finish(keep_alive=given.head.keep_alive)

    def _send_file(self, given: Given, body: OpenFile, place: Place | None) -> None:
        if self.transport.is_closing():  # as after a broken request: there is nobody to send it to
            return body.close()
        if self.access_log:
            self._log_access(given)
        self._unset_keepalive_if_required()
        if place is None:
            place = self.cycle = Place(given.head.keep_alive)  # type: ignore[assignment]
        Download(self, place, given.start, given.answer, body)
        return None

    def finish(self, *, keep_alive: bool) -> None:
        """What follows the last octet of an answer: uvicorn's own counters, timers and queue."""
        if not keep_alive:
            self.transport.close()
        if self.pipeline or self.timeout_keep_alive_task is None or not keep_alive or self.flow.read_paused:
            return self.on_response_complete()
        self.server_state.total_requests += 1
        self._idle_since = self.loop.time()
        return None

    def timeout_keep_alive_handler(self) -> None:
        """Close what has been idle for long enough; the timer is not set anew for each answer."""
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _log_access(self, given: Given) -> None:
        head = given.head
        path, query = self.root_path + head.path, head.query.encode()
        scope: Any = {"client": given.client or self.client, "path": path, "query_string": query}
        about = get_client_addr(scope), head.method, get_path_with_query_string(scope), "1.1", given.answer.status
        self.access_logger.info('%s - "%s %s HTTP/%s" %d', *about)


def _is_busy(connection: LaneProtocol) -> bool:
    """Whether an answer now would overtake another, fill memory for a client that does not read, or break a limit."""
    cycle, limit = connection.cycle, connection.limit_concurrency
    if (cycle is not None and not cycle.response_complete) or connection.flow.write_paused:
        return True
    if limit is not None and (len(connection.connections) >= limit or len(connection.tasks) >= limit):
        return True
    return bool(connection.transport.is_closing())
