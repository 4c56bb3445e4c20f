"""The ASGI adapter (ASGI 3, HTTP 2.5 with the `http.response.pathsend` extension)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from clearway.http.decision import READ
from clearway.http.resource import Answer, Passed

from .bodies import OpenFile
from .service import LazyService, Request

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_NAMES = {name.encode(): name for name in READ}
_PATHSEND = "http.response.pathsend"


def request_fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The header fields that an answer may depend on; repeated ones are joined (RFC 9110 §5.3)."""
    fields: dict[str, str] = {}
    for raw_name, value in headers:
        if (name := _NAMES.get(raw_name)) is not None:
            text = value.decode("latin-1")
            fields[name] = f"{fields[name]}, {text}" if name in fields else text
    return fields


def read_request(scope: Scope) -> Request:
    """What an answer may depend on, out of an ASGI scope, whose path includes `root_path`."""
    path, root = scope["path"], scope.get("root_path", "")
    if root and path.startswith(root):
        path = path[len(root) :]
    query = scope.get("query_string", b"").decode("latin-1")
    return Request(scope["method"], path, request_fields(scope["headers"]), query, root)


class ASGIAdapter:
    """An ASGI application that answers from a service and leaves the rest to `app`."""

    def __init__(self, app: App, lazy: LazyService) -> None:
        self._app, self._lazy = app, lazy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = self._lazy.made
        if service is None:
            service = await asyncio.to_thread(self._lazy.make)
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        served = await service.aserve(read_request(scope))
        if served is None:
            return await self._app(scope, receive, send)
        if isinstance(served, Passed):
            return await self._app(scope, receive, forbid_storing_misses(send))
        answer, body = served
        if isinstance(body, bytes):
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.raw_headers})
            return await send({"type": "http.response.body", "body": body})
        return await send_file(answer, body, scope, receive, send)


async def send_file(answer: Answer, file: OpenFile, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the server send a whole file, or stream it in blocks that are read in a thread."""
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.raw_headers})
        if file.whole and _PATHSEND in (scope.get("extensions") or {}):
            await send({"type": _PATHSEND, "path": file.file.name})
        else:
            await _stream(file, receive, send)
    finally:
        file.close()


async def _stream(file: OpenFile, receive: Receive, send: Send) -> None:
    """Send blocks until the end, or until the client has gone."""
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        while not gone.done() and (block := await asyncio.to_thread(file.read)):
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def forbid_storing_misses(send: Send) -> Send:
    """Mark a 404 of the application as not to be stored: the file may be there after the next deploy."""

    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 404:
            kept = [item for item in message.get("headers", ()) if item[0].lower() != b"cache-control"]
            message = {**message, "headers": [*kept, (b"cache-control", b"no-store")]}
        await send(message)

    return marking
