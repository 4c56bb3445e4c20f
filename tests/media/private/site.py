"""A site whose private files are sent to whoever the test says: URLs, permissions, and every way to ask."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.urls import path
from tests.helpers import asgi, wsgi
from tests.helpers.replies import Reply

from clearway import asgi as clearway_asgi
from clearway.media.private import forbidden, private_files, to_login

ALLOWED: set[str] = set()
ASKED: list[tuple[str, str]] = []
Ask = Callable[..., Reply]  # (name, method, headers)


def may(request: Any, file: Any) -> bool:
    ASKED.append((request.method, file.name))
    return file.name in ALLOWED


async def amay(request: Any, file: Any) -> bool:
    await asyncio.sleep(0)
    return may(request, file)


def awaitable(request: Any, file: Any) -> Any:
    """No coroutine function, though it gives a coroutine."""
    return amay(request, file)


class Answering:
    """An object is a permission too."""

    async def __call__(self, request: Any, file: Any) -> bool:
        return await amay(request, file)


urlpatterns = [
    path("private/<path:name>", private_files(may), name="private-file"),
    path("async/<path:name>", private_files(amay)),
    path("object/<path:name>", private_files(Answering())),
    path("wrapped/<path:name>", private_files(awaitable)),
    path("forbidden/<path:name>", private_files(may, denied=forbidden)),
    path("login/<path:name>", private_files(may, denied=to_login)),
    path("nobody/<path:name>", private_files()),
]


def of_wsgi(prefix: str) -> Ask:
    app = WSGIHandler()
    return lambda name, *request: wsgi.wsgi(app, prefix + name, *request)


def of_asgi(prefix: str) -> Ask:
    app = ASGIHandler()
    return lambda name, *request: asgi.asgi(app, prefix + name, *request, exact_case=False)


def of_pathsend(prefix: str) -> Ask:
    app = clearway_asgi.Clearway(ASGIHandler())
    return lambda name, *request: asgi.asgi(app, prefix + name, *request, exact_case=False, pathsend=True)


WAYS: dict[str, Callable[[], Ask]] = {
    "WSGI": lambda: of_wsgi("/private/"),
    "WSGI, async": lambda: of_wsgi("/async/"),
    "WSGI, awaitable": lambda: of_wsgi("/wrapped/"),
    "ASGI": lambda: of_asgi("/private/"),
    "ASGI, async": lambda: of_asgi("/async/"),
    "ASGI, object": lambda: of_asgi("/object/"),
    "ASGI, awaitable": lambda: of_asgi("/wrapped/"),
    "pathsend": lambda: of_pathsend("/private/"),
    "pathsend, async": lambda: of_pathsend("/async/"),
}


@contextmanager
def site(home: Path, private: dict[str, Any] | None = None, **more: Any) -> Iterator[None]:
    """Private files in `home/private`, with nothing allowed."""
    told = {"root": home / "private", **(private or {})}
    own: dict[str, Any] = {
        "ROOT_URLCONF": __name__,
        "MEDIA_ROOT": home / "media",
        "STATIC_ROOT": home / "static",
        "STORAGES": {"private": {"BACKEND": "clearway.media.private.PrivateStorage"}},
        "CLEARWAY": {"media": {"private": told}},
        "MIDDLEWARE": [],
        "LOGGING_CONFIG": None,
    }
    ALLOWED.clear()
    ASKED.clear()
    with override_settings(**{**own, **more}):
        yield
