"""The lane beside uvicorn's road: from a parsed head to an answer that is ready for the wire."""

import logging
from asyncio import Transport
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from uvicorn.config import Config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from clearway.http.fields import Fields
from clearway.http.resource import Answer, Entry
from clearway.serve.bodies import Body

from .download import Download
from .head import LONGEST, Head
from .lane import Lane, Render
from .uvicorn_heads import FORWARDED, Heads

_log = logging.getLogger("clearway")
_FRAMING = (b"connection", b"content-length", b"transfer-encoding")
_CLOSING = b"connection: close\r\n"
_REMEMBERED = 1024  # requests
WORTH_COPYING = 16384  # octets that are cheaper copied than sent apart

LaneOf = Callable[[Any, Render, str], Lane | None]


class Given(NamedTuple):
    """The head of an answer, ready for the wire. `client` is that of the connection unless a proxy named another."""

    head: Head
    client: Any
    answer: Answer
    rendered: bytes
    start: bytes


Found = tuple[Given, Body]


@dataclass(slots=True)
class _Known:
    """An answer that was given before, and what it holds for."""

    entry: object
    scheme: str
    defaults: object
    given: Given


@lru_cache(16)
def side_of(config: Config, find_lane: LaneOf) -> "Side | None":
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
        self.heads = Heads(lane.reads | (FORWARDED if proxy else frozenset()))
        self._proxy = copy(proxy)
        if self._proxy:
            self._proxy.app = _nobody
        self._known: dict[bytes, _Known] = {}
        self._defaults: tuple[Any, bytes | None] = (None, None)

    def find_unparsed(self, connection: Any, data: bytes) -> Found | None:
        """The answer to octets that came between two requests, if they are known to be one, and the lane knows it."""
        known = self._known.get(data)
        if (
            known is not None
            and known.scheme == connection.scheme
            and self._lane.entry(known.given.head) is known.entry
        ):
            body = self._lane.service.body_at_once(known.given.answer)
            return None if body is None else self._again(connection, known, body)
        head = self.heads.remembered(data)
        found = self.find(connection, head) if head else None
        if found:
            self._remember(connection, data, found[0])
        return found

    def find_only(self, connection: Any, data: bytes) -> bytes | None:
        """A short answer that was given before to these octets, after which the connection ends."""
        known = self._known.get(data)
        if known is None or known.given.head.keep_alive or known.scheme != connection.scheme:
            return None
        if self._lane.entry(known.given.head) is not known.entry:
            return None
        body = self._lane.service.body_at_once(known.given.answer)
        if not isinstance(body, bytes):
            if body:
                body.file.close()
            return None
        found = self._again(connection, known, body) if len(body) < WORTH_COPYING else None
        return found[0].start + body if found else None

    def find(self, connection: Any, head: Head) -> Found | None:
        """The answer to a plain request, if the lane knows it."""
        client, scheme = self._origin(connection, head.fields)
        try:
            found = self._lane.answer(head, scheme or "http")
        except Exception:  # a project's setting, mostly; the ordinary road meets it too, and answers as it does
            _log.exception("The lane cannot answer %s", head.target)
            return None
        if found is None:
            return None
        answer, rendered, body = found
        start = self._start(connection, answer, rendered, keep_alive=head.keep_alive)
        return _writable(connection.transport, Given(head, client, answer, rendered, start), body)

    def _again(self, connection: Any, known: _Known, body: Body) -> Found | None:
        given = known.given
        if known.defaults is not connection.server_state.default_headers:
            start = self._start(connection, given.answer, given.rendered, keep_alive=given.head.keep_alive)
            known.given = given = given._replace(start=start)
            known.defaults = connection.server_state.default_headers
        return _writable(connection.transport, given, body)

    def _remember(self, connection: Any, data: bytes, given: Given) -> None:
        entry = self._lane.entry(given.head)
        if len(data) <= LONGEST and isinstance(entry, Entry) and FORWARDED.isdisjoint(given.head.fields):
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[data] = _Known(entry, connection.scheme, None, given)

    def _start(self, connection: Any, answer: Answer, rendered: bytes, *, keep_alive: bool) -> bytes:
        """The octets before the body; none where what uvicorn adds itself is not plain."""
        given = connection.server_state.default_headers
        defaults = self._defaults[1] if self._defaults[0] is given else self._render_defaults(given)
        if defaults is None:
            return b""
        return b"".join((STATUS_LINE[answer.status], defaults, rendered, b"" if keep_alive else _CLOSING, b"\r\n"))

    def _origin(self, connection: Any, fields: Mapping[str, str]) -> tuple[Any, str]:
        """Client and scheme, as a proxy's header fields make them: asked of uvicorn's own middleware."""
        if self._proxy is None or FORWARDED.isdisjoint(fields):
            return None, connection.scheme
        headers = [(name.encode(), fields[name].encode("latin-1")) for name in FORWARDED if name in fields]
        scope: Any = {"type": "http", "client": connection.client, "scheme": connection.scheme, "headers": headers}
        with suppress(StopIteration):
            self._proxy(scope, None, None).send(None)  # type: ignore[arg-type]
        return scope["client"] or connection.client, scope["scheme"]

    def _render_defaults(self, given: list[tuple[bytes, bytes]]) -> bytes | None:
        """Date, Server and what a project adds, which may not be about framing; a new list is made every second."""
        rendered = b"".join(b"%s: %s\r\n" % (name.lower(), value) for name, value in given)
        is_plain = not any(name.lower() in _FRAMING for name, _ in given)
        self._defaults = given, rendered if is_plain else None
        return self._defaults[1]


def _writable(transport: Transport, given: Given, body: Body) -> Found | None:
    """What may be written now; asyncio's `writelines` asks nobody to pause, so it is not for a buffer with octets."""
    if isinstance(body, bytes):
        small = len(body) < WORTH_COPYING or transport.get_write_buffer_size() == 0
        return (given, body) if small and given.start else None
    if given.start and Download.is_possible(transport):
        return given, body
    body.close()
    return None


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    """The application behind a middleware that is only asked what it makes of a scope."""
