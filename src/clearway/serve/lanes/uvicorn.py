"""The lane of uvicorn: answers after its parser has read a head, and before an ASGI cycle begins."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import product
from typing import Any
from urllib.parse import unquote

from httptools import HttpParserInvalidURLError, parse_url
from uvicorn.config import Config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.utils import get_client_addr, get_path_with_query_string

from clearway.http.fields import Fields
from clearway.http.resource import Answer

from .download import Download
from .head import LONGEST, REFUSED, Head
from .lane import Lane, Render

_log = logging.getLogger("clearway")
_METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
_FORWARDED = ("x-forwarded-for", "x-forwarded-proto")
_REMEMBERED = 1024  # requests
_WORTH_COPYING = 16384  # octets that are cheaper copied than sent apart

LaneOf = Callable[[Any, Render, str], Lane | None]


class LaneProtocol(HttpToolsProtocol):
    """uvicorn's protocol; a request that the lane answers never becomes a cycle.

    Octets that uvicorn's parser has found to be exactly one plain request are such a request again when they come
    again between two requests: these need no parser.
    """

    @staticmethod
    def find_lane(application: Any, render: Render, script_name: str) -> Lane | None:
        """The lane of an application; what the root module gives."""
        raise NotImplementedError

    def __init__(self, config: Config, *args: Any, **named: Any) -> None:
        super().__init__(config, *args, **named)
        self.side = _side(config, type(self).find_lane)
        self.download: Download | None = None
        self._begun = 0  # messages, since the octets came that are being parsed
        self._is_between = True
        self._answered: Head | None = None
        self._idle_since = 0.0

    def data_received(self, data: bytes) -> None:
        if self.side is None or not self._is_between:
            return super().data_received(data)
        head = self.side.heads.get(data)
        if head is None or _is_busy(self) or not self.side.answers(self, head):
            self._begun, self._answered = 0, None
            super().data_received(data)
            self._remember(data)
        return None

    def _remember(self, data: bytes) -> None:
        if self.side and self._begun == 1 and self._is_between and self._answered:
            self.side.remember(data, self._answered)

    def on_message_begin(self) -> None:
        self._begun += 1
        self._is_between, self._answered = False, None
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self.side is not None and not _is_busy(self):
            head = self.side.head(self)
            if head is not None and self.side.answers(self, head):
                self._answered = head
                return
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_between = True
        if self._answered is None:
            super().on_message_complete()

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
        if left > 0.01:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.download:
            self.download.abandon()
        super().connection_lost(exc)


def _is_busy(connection: LaneProtocol) -> bool:
    """Whether an answer now would overtake another, fill memory for a client that does not read, or break a limit."""
    cycle, limit = connection.cycle, connection.limit_concurrency
    if (cycle is not None and not cycle.response_complete) or connection.flow.write_paused:
        return True
    if limit is not None and (len(connection.connections) >= limit or len(connection.tasks) >= limit):
        return True
    return bool(connection.transport.is_closing())


@lru_cache(16)
def _side(config: Config, find_lane: LaneOf) -> "Side | None":
    """What the connections of a server share: made by the first of them, when the application has been loaded."""
    application: Any = config.loaded_app
    proxy = application if isinstance(application, ProxyHeadersMiddleware) else None
    application = proxy.app if proxy else application
    try:
        lane = find_lane(application, _render, config.root_path)
    except Exception as error:
        _log.warning("Static files take the ordinary road, not the lane: %s", error)
        return None
    return Side(lane, proxy) if lane else None


def _render(answer: Answer, fields: Fields) -> bytes:
    """Status line and header fields are apart: uvicorn's own fields come between them."""
    return b"".join(f"{name.lower()}: {value}\r\n".encode("latin-1") for name, value in fields)


class Side:
    """The lane beside uvicorn's road, for all connections of a server."""

    def __init__(self, lane: Lane, proxy: ProxyHeadersMiddleware | None) -> None:
        self._lane = lane
        self._names = _names(lane.reads.union(_FORWARDED if proxy else ()))
        self._proxy = ProxyHeadersMiddleware(_nobody) if proxy else None
        if self._proxy and proxy:
            self._proxy.trusted_hosts = proxy.trusted_hosts
        self.heads: dict[bytes, Head] = {}
        self._defaults: tuple[Any, bytes] = (None, b"")

    def remember(self, data: bytes, head: Head) -> None:
        """Octets that are a whole request, with what they say."""
        if len(data) <= LONGEST and head.keep_alive:
            if len(self.heads) >= _REMEMBERED:
                self.heads.clear()
            self.heads[data] = head

    def head(self, connection: LaneProtocol) -> Head | None:
        """What uvicorn's parser has just read; None unless it is a plain request."""
        parser = connection.parser
        method, target = _METHODS.get(parser.get_method()), _split(connection.url)
        if method is None or target is None or parser.get_http_version() != "1.1":
            return None
        fields: dict[str, str] = {}
        for raw_name, value in connection.headers:
            name = self._names.get(raw_name)
            if name is not None:
                if not name or name in fields:
                    return None
                fields[name] = value.decode("latin-1")
        return Head(method, *target, fields, parser.should_keep_alive())

    def answers(self, connection: LaneProtocol, head: Head) -> bool:
        """Answer a plain request, if the lane knows it."""
        client, scheme = self._origin(connection, head.fields)
        found = self._lane.answer(head, scheme)
        if found is None:
            return False
        answer, rendered, body = found
        if not isinstance(body, bytes) and not Download.is_possible(connection.transport):
            body.close()
            return False
        closing = b"\r\n" if head.keep_alive else b"connection: close\r\n\r\n"
        given = connection.server_state.default_headers
        defaults = self._defaults[1] if self._defaults[0] is given else self._render_defaults(given)
        start = b"".join((STATUS_LINE[answer.status], defaults, rendered, closing))
        if connection.access_log:
            _log_access(connection, client, head, answer.status)
        if not isinstance(body, bytes):
            Download(connection, start, answer, body, keep_alive=head.keep_alive)
            return True
        if len(body) < _WORTH_COPYING:
            connection.transport.write(start + body)
        else:
            connection.transport.writelines((start, body))
        connection.finish(keep_alive=head.keep_alive)
        return True

    def _origin(self, connection: LaneProtocol, fields: Mapping[str, str]) -> tuple[Any, str]:
        """Client and scheme, as a proxy's header fields make them: asked of uvicorn's own middleware."""
        if self._proxy is None or not any(name in fields for name in _FORWARDED):
            return connection.client, connection.scheme or "http"
        headers = [(name.encode(), fields[name].encode("latin-1")) for name in _FORWARDED if name in fields]
        scope: Any = {"type": "http", "client": connection.client, "scheme": connection.scheme, "headers": headers}
        with suppress(StopIteration):
            self._proxy(scope, None, None).send(None)  # type: ignore[arg-type]
        return scope["client"], scope["scheme"]

    def _render_defaults(self, given: list[tuple[bytes, bytes]]) -> bytes:
        """Date and Server; uvicorn makes a new list of them every second."""
        rendered = b"".join(b"%s: %s\r\n" % (name.lower(), value) for name, value in given)
        self._defaults = given, rendered
        return rendered


def _names(reads: frozenset[str]) -> dict[bytes, str]:
    """Field names by their octets; an empty string for those that send a request down the ordinary road.

    Django takes `if_none_match` for `if-none-match` (CVE-2026-3902), so such names are not for the lane.
    """
    names = dict.fromkeys((name.encode() for name in REFUSED), "")
    for name in reads:
        names |= dict.fromkeys(_spellings(name), "")
        names[name.encode()] = name
    return names


def _spellings(name: str) -> list[bytes]:
    return ["".join(each).encode() for each in product(*("-_" if letter == "-" else letter for letter in name))]


@lru_cache(_REMEMBERED)
def _split(url: bytes) -> tuple[str, str, str] | None:
    """Target, path and query as uvicorn's scope has them; None for what it may have trouble with."""
    if not url.startswith(b"/") or b"#" in url or len(url) > LONGEST:
        return None
    try:
        parsed = parse_url(url)
        path, query = parsed.path.decode("ascii"), (parsed.query or b"").decode("ascii")
    except (HttpParserInvalidURLError, UnicodeDecodeError, AttributeError):
        return None
    return url.decode(), unquote(path) if "%" in path else path, query


def _log_access(connection: LaneProtocol, client: Any, head: Head, status: int) -> None:
    scope: Any = {
        "client": client,
        "path": connection.root_path + head.path,
        "query_string": head.query.encode(),
    }
    connection.access_logger.info(
        '%s - "%s %s HTTP/%s" %d', get_client_addr(scope), head.method, get_path_with_query_string(scope), "1.1", status
    )


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    """The application behind a middleware that is only asked what it makes of a scope."""
