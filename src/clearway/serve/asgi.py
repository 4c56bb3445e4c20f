"""The ASGI adapter (ASGI 3, HTTP 2.5 with the `http.response.pathsend` extension)."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from clearway.http.decision import READ
from clearway.http.resource import Answer, Passed

from .bodies import OpenFile
from .event_loop import beside, give_way, in_thread
from .pathsend import HANDOFF, PATHSEND, Handoff, offers
from .service import LazyService, Request

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_NAMES = {name.encode(): name for name in READ}


def request_fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The header fields that an answer may depend on; repeated ones are joined (RFC 9110 §5.3)."""
    fields: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    for raw_name, value in headers:
        if (name := _NAMES.get(raw_name)) is not None:
            text = value.decode("latin-1")
            if name in fields:
                repeated.setdefault(name, [fields[name]]).append(text)
            else:
                fields[name] = text
    for name, texts in repeated.items():
        fields[name] = ", ".join(texts)
    return fields


def read_request(scope: Scope) -> Request:
    """What an answer may depend on, out of an ASGI scope."""
    path, root = scope["path"], scope.get("root_path") or ""
    if root:
        path, root = below_root(path, root)
    query = scope.get("query_string", b"").decode("latin-1")
    return Request(scope["method"], path, request_fields(scope["headers"]), query, root)


def below_root(path: str, root: str) -> tuple[str, str]:
    """The path below the script name, and the script name.

    `path` begins with `root_path` (ASGI, "WSGI compatibility"); a server that is given the name by hand and stands
    behind a proxy that takes it away (hypercorn, daphne, granian) has a path without it.
    """
    script = root.rstrip("/")
    inner = path[len(root) :] if path.startswith(root) else None
    if inner is not None and root != script:
        inner = "/" + inner.removeprefix("/")
    return (path if inner is None or inner[:1] not in ("", "/") else inner), script


class ASGIAdapter:
    """An ASGI application that answers from a service and leaves the rest to `app`."""

    def __init__(self, app: App, lazy: LazyService) -> None:
        self._app, self._lazy = app, lazy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = self._lazy.made
        if service is None:
            service = await in_thread(self._lazy.make)
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        served = await service.aserve(read_request(scope))
        if served is None:
            return await self._ask(scope, receive, send)
        if isinstance(served, Passed):
            return await self._ask(scope, receive, forbid_storing_misses(send))
        answer, body = served
        if isinstance(body, bytes):
            await send(start(answer))
            return await send({"type": "http.response.body", "body": body})
        return await send_file(answer, body, scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, which may hand over a file where the server sends it by its path."""
        if offers(scope):
            handoff = Handoff(send)
            return await self._app({**scope, HANDOFF: handoff}, receive, handoff.send)
        return await self._app(scope, receive, send)


def start(answer: Answer) -> Message:
    """The first message of a response. Its list is its own: what stands around us may add to it in place."""
    return {"type": "http.response.start", "status": answer.status, "headers": [*answer.raw_headers]}


async def send_file(answer: Answer, file: OpenFile, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the server send a whole file where it can, or stream it in blocks."""
    try:
        await send(start(answer))
        if file.whole and file.has_path and offers(scope):
            await send({"type": PATHSEND, "path": file.file.name})
        else:
            await _stream(file, receive, send)
    finally:
        file.close()


async def _stream(file: OpenFile, receive: Receive, send: Send) -> None:
    """Send blocks until the end, or until the client has gone: hypercorn then raises at whatever is sent."""
    async with beside(lambda: _disconnected(receive)) as gone:
        while file.left:
            block = await next_block(file)
            if gone():
                return
            await send({"type": "http.response.body", "body": block, "more_body": bool(file.left)})


async def next_block(file: OpenFile) -> bytes:
    """From the system's memory, or else from the disk in a thread."""
    cached = file.read_cached()
    if cached is None:
        return await in_thread(file.read)
    await give_way()
    return cached


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
