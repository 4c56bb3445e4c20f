"""The application below the file server: it knows no page."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

ROOT = Path(os.environ["CONFORMANCE_HOME"]) / "www" / "static"
PREFIX = "static/"
HASHED = re.compile(r"^.+\.[0-9a-f]{12}\..+$")
BODY = b"No such page.\n"
HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("404 Not Found", HEADERS)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [BODY]


async def asgi(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else BODY})
