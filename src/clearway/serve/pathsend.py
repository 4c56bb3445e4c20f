"""The ASGI extension `http.response.pathsend` for an application that opens files and sends none of their octets."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .bodies import OpenFile

PATHSEND = "http.response.pathsend"
HANDOFF = "clearway.pathsend"  # in the scope: a client cannot put it there

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class Handoff:
    """The `send` of one response. Where `file` is set when the body ends, the server is given its path."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.file: OpenFile | None = None

    async def send(self, message: Message) -> None:
        """To the server. The file is closed when it was handed over."""
        file, is_body = self.file, message["type"] == "http.response.body"
        if file is None or not is_body or message.get("body") or message.get("more_body"):
            return await self._send(message)
        self.file = None
        try:
            await self._send({"type": PATHSEND, "path": file.file.name})
        finally:
            file.close()


def offers(scope: MutableMapping[str, Any]) -> bool:
    """Whether the server sends files by their path."""
    return PATHSEND in (scope.get("extensions") or {})
