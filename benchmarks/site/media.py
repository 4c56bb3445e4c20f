"""A file on every road that a project could take: BENCH_ROAD says which, BENCH_ROOT where the file lies.

The roads of Django are asked for `/film`, what answers MEDIA_URL in process for `/media/film.mp4`.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

ROAD, ROOT = os.environ["BENCH_ROAD"], Path(os.environ["BENCH_ROOT"])
FILM = ROOT / "film.mp4"
PIECE = 65_536

settings.configure(
    SECRET_KEY="benchmarks",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["clearway"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        *(["clearway.middleware.ClearwayMiddleware"] if ROAD == "public" else []),
    ],
    MEDIA_URL="/media/",
    MEDIA_ROOT=ROOT.parent / "public" if "private" in ROAD else ROOT,
    SENDFILE_BACKEND="django_sendfile.backends.simple",
    SENDFILE_ROOT=ROOT,
    CLEARWAY={"cache": None, "media": {"private": {"root": ROOT}} if "private" in ROAD else {"serve": True}},
    STORAGES={
        "default": {"BACKEND": "clearway.media.MediaStorage"},
        "private": {"BACKEND": "clearway.media.private.PrivateStorage"},
    },
    LOGGING={"version": 1, "loggers": {"django": {"level": "CRITICAL"}}},
)

import django  # noqa: E402

django.setup()  # what follows belongs to URL patterns

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import FileResponse, HttpRequest, HttpResponse  # noqa: E402
from django.http.response import HttpResponseBase  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.static import serve  # noqa: E402


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world!")


def by_django(request: HttpRequest) -> FileResponse:
    return FileResponse(FILM.open("rb"))


def by_sendfile2(request: HttpRequest) -> HttpResponseBase:
    from django_sendfile import sendfile

    answer: HttpResponseBase = sendfile(request, str(FILM))
    return answer


def by_serve(request: HttpRequest) -> HttpResponseBase:
    return serve(request, "film.mp4", document_root=str(ROOT))


def everybody(request: HttpRequest, file: Any) -> bool:
    return True


async def aeverybody(request: HttpRequest, file: Any) -> bool:
    return True


def view() -> Callable[..., Any]:
    """That of the road."""
    if "private" not in ROAD:
        return {"FileResponse": by_django, "sendfile2": by_sendfile2}.get(ROAD, by_serve)
    from clearway.media.private import private_files

    return private_files(aeverybody if ROAD == "aprivate" else everybody)


urlpatterns = [path("hello", hello), path("film", view(), {"name": "film.mp4"} if "private" in ROAD else {})]


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What the server does by itself for `wsgi.file_wrapper`."""
    if environ["PATH_INFO"] == "/hello":
        start_response("200 OK", [("Content-Length", "13")])
        return [b"Hello, world!"]
    start_response("200 OK", [("Content-Length", str(FILM.stat().st_size))])
    wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](FILM.open("rb"), PIECE)
    return wrapped


async def bare_asgi(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    """Pieces of a file, read in the event loop: no ASGI application in Python does less."""
    size = str(FILM.stat().st_size) if scope["path"] == "/film" else "0"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", size.encode())]})
    if scope["path"] == "/film":
        async for piece in _pieces():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _pieces() -> AsyncIterator[bytes]:
    with FILM.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            yield piece


application = bare if ROAD == "bare" else get_wsgi_application()
by_asgi = bare_asgi if ROAD == "bare" else get_asgi_application()
if ROAD == "wrapper":
    from clearway.asgi import Clearway as AsgiClearway
    from clearway.wsgi import Clearway

    application, by_asgi = Clearway(application), AsgiClearway(by_asgi)
