"""`clearway.asgi.Clearway`: static files in front of any ASGI application."""

from pathlib import Path
from typing import Any

from .http.decision import decide
from .http.resource import Missing
from .serve.asgi import App, ASGIAdapter, Receive, Scope, Send, start
from .wrapping import Wrapper


class Clearway:
    """Answers static requests itself and hands every other one to `app`.

    `Clearway(django_application)` serves the project's current release. With `root` (and `prefix`), or after
    `add_files`, it serves those directories instead, and needs no Django. The options are those of
    `clearway.serve.added_files.FileOptions`; they are WhiteNoise's. Without an `app`, the rest is a 404. `url(name)`
    gives the URL of a file in these directories, hashed where `clearway build` made them.
    """

    def __init__(
        self, app: App | None = None, root: str | Path | None = None, prefix: str | None = None, **options: Any
    ) -> None:
        self._wrapper = Wrapper(root, prefix, options)
        self.add_files = self._wrapper.add_files
        self.url = self._wrapper.urls.url
        self.service = self._wrapper.lazy.make
        self._adapter = ASGIAdapter(app or not_found, self._wrapper.lazy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._adapter(scope, receive, send)


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """The application of a site that has static files only."""
    if scope["type"] == "lifespan":
        return await _live(receive, send)
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close"})
    answer = decide(scope["method"], {}, Missing())
    await send(start(answer))
    return await send({"type": "http.response.body", "body": answer.content})


async def _live(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": f"{message['type']}.complete"})
