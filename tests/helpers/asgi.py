"""Calls ASGI applications and checks every message against the specification (ASGI 3, HTTP 2.5, pathsend)."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.helpers.replies import Reply, check_length

PATHSEND = "http.response.pathsend"
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9a-z-]+\Z")
VALUE = re.compile(rb"(?:[\x21-\x7e\x80-\xff](?:[ \t\x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?\Z")
App = Callable[[Any, Any, Any], Awaitable[None]]


def scope(
    target: str = "/",
    method: str = "GET",
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    *,
    root_path: str = "",
    pathsend: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """An HTTP scope for a percent-encoded target; `root_path` is put before it, as the specification has it."""
    path, _, query = target.partition("?")
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": root_path + unquote(path),
        "raw_path": (root_path + path).encode(),
        "query_string": query.encode("latin-1"),
        "root_path": root_path,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": ("127.0.0.1", 5000),
        "server": ("testserver", 80),
        "extensions": {PATHSEND: {}} if pathsend else {},
        **more,
    }


@dataclass
class Exchange:
    """One request as the server sees it: gives the messages of the client, checks those of the application."""

    scope: dict[str, Any]
    exact_case: bool = True  # header names in lower case; Django's own handler does not do that
    disconnect_after: int | None = None  # messages of the response after which the client is gone
    messages: list[dict[str, Any]] = field(default_factory=list)
    ended: bool = False
    _asked: int = 0

    def __post_init__(self) -> None:
        self._gone = asyncio.Event()

    @property
    def blocks(self) -> list[bytes]:
        return [m.get("body", b"") for m in self.messages if m["type"] == "http.response.body"]

    @property
    def paths(self) -> list[str]:
        return [m["path"] for m in self.messages if m["type"] == PATHSEND]

    async def receive(self) -> dict[str, Any]:
        self._asked += 1
        if self._asked == 1:
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        assert isinstance(message, dict), message
        if self._gone.is_set() and not self.ended:
            return  # §"Disconnected client": sending is a no-op
        assert not self.ended, f"{message['type']} after the end"
        self._check(message)
        self.messages.append(message)
        if self.ended or self.disconnect_after == len(self.messages):
            self._gone.set()
        await asyncio.sleep(0)

    def _check(self, message: dict[str, Any]) -> None:
        if not self.messages:
            return self._check_start(message)
        if message["type"] == PATHSEND:
            return self._check_pathsend(message)
        assert message["type"] == "http.response.body", message["type"]
        assert set(message) <= {"type", "body", "more_body"}, sorted(message)
        assert type(message.get("body", b"")) is bytes, type(message["body"])
        assert type(message.get("more_body", False)) is bool
        self.ended = not message.get("more_body", False)
        return None

    def _check_start(self, message: dict[str, Any]) -> None:
        assert message["type"] == "http.response.start", message["type"]
        assert set(message) <= {"type", "status", "headers", "trailers"}, sorted(message)
        assert type(message["status"]) is int
        assert 200 <= message["status"] <= 599
        for item in message["headers"]:
            name, value = item
            assert type(name) is bytes, item
            assert type(value) is bytes, item
            assert TOKEN.match(name if self.exact_case else name.lower()), item
            assert VALUE.match(value), item

    def _check_pathsend(self, message: dict[str, Any]) -> None:
        assert PATHSEND in self.scope["extensions"], "pathsend was not offered"
        assert set(message) == {"type", "path"}, sorted(message)
        assert type(message["path"]) is str
        assert Path(message["path"]).is_absolute(), message["path"]
        assert not self.blocks, "pathsend beside body messages"
        self.ended = True

    def reply(self) -> Reply:
        """The whole answer. Fails when it is not complete."""
        assert self.ended, "the response has no end"
        start = self.messages[0]
        body = b"".join(self.blocks)
        for path in self.paths:
            body = Path(path).read_bytes()
        fields = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"])
        check_length(self.scope["method"], start["status"], fields, body)
        return Reply(start["status"], fields, body)


def asgi(app: App, target: str = "/", method: str = "GET", headers: Any = (), **more: Any) -> Reply:
    """The reply of an application to one request, in an event loop of its own."""
    return asyncio.run(aget(app, target, method, headers, **more))


async def aget(
    app: App, target: str = "/", method: str = "GET", headers: Any = (), *, exact_case: bool = True, **more: Any
) -> Reply:
    return (await exchange(app, scope(target, method, headers, **more), exact_case=exact_case)).reply()


async def exchange(app: App, given: dict[str, Any], **more: Any) -> Exchange:
    """Call with one scope; the scope must not be changed by what only reads it."""
    talk = Exchange(given, **more)
    await app(given, talk.receive, talk.send)
    return talk


def says(text: bytes = b"the application", status: int = 200) -> App:
    """An application that always answers the same."""

    async def app(given: Any, receive: Any, send: Any) -> None:
        if given["type"] != "http":  # as Django does
            raise ValueError(f"only HTTP, not {given['type']}")
        fields = [(b"content-type", b"text/plain"), (b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": text})

    return app
