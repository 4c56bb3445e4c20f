"""Every way on which a request can reach Clearway, called in the same words."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory, override_settings
from tests.helpers import asgi, wsgi
from tests.helpers.replies import Reply, check_length, lowered

from clearway import asgi as clearway_asgi
from clearway import wsgi as clearway_wsgi
from clearway.middleware import ClearwayMiddleware

MIDDLEWARE = "clearway.middleware.ClearwayMiddleware"
Headers = dict[str, str]
Road = Callable[..., Reply]  # (target, method, headers, script_name=)


def wsgi_wrapper() -> Road:
    with override_settings(MIDDLEWARE=[]):
        app = clearway_wsgi.Clearway(WSGIHandler())
    return lambda *request, script_name="": wsgi.wsgi(app, *request, script_name=script_name)


def asgi_wrapper() -> Road:
    with override_settings(MIDDLEWARE=[]):
        app = clearway_asgi.Clearway(ASGIHandler())
    return lambda *request, script_name="": asgi.asgi(app, *request, root_path=script_name, exact_case=False)


def asgi_wrapper_with_pathsend() -> Road:
    with override_settings(MIDDLEWARE=[]):
        app = clearway_asgi.Clearway(ASGIHandler())
    return lambda *request, script_name="": asgi.asgi(
        app, *request, root_path=script_name, exact_case=False, pathsend=True
    )


def wsgi_handler() -> Road:
    with override_settings(MIDDLEWARE=[MIDDLEWARE]):
        app = WSGIHandler()
    return lambda *request, script_name="": wsgi.wsgi(app, *request, script_name=script_name)


def asgi_handler() -> Road:
    with override_settings(MIDDLEWARE=[MIDDLEWARE]):
        app = ASGIHandler()
    return lambda *request, script_name="": asgi.asgi(app, *request, root_path=script_name, exact_case=False)


def client() -> Road:
    with override_settings(MIDDLEWARE=[MIDDLEWARE]):
        made = Client()
        made.handler.load_middleware()

    def call(target: str, method: str = "GET", headers: Headers | None = None, script_name: str = "") -> Reply:
        response = made.generic(method, target, headers=headers, **_script(target, script_name))
        return _reply(method, response)

    return call


def async_client() -> Road:
    with override_settings(MIDDLEWARE=[MIDDLEWARE]):
        made = AsyncClient()
        made.handler.load_middleware(is_async=True)

    def call(target: str, method: str = "GET", headers: Headers | None = None, script_name: str = "") -> Reply:
        assert not script_name, "AsyncClient has no words for it"

        async def ask() -> Reply:
            response: Any = await made.generic(method, target, headers=headers)
            body = b"".join([part async for part in response]) if response.streaming else response.content
            return _reply(method, response, body)

        return asyncio.run(ask())

    return call


def sync_middleware() -> Road:
    middleware = ClearwayMiddleware(_view)

    def call(target: str, method: str = "GET", headers: Headers | None = None, script_name: str = "") -> Reply:
        request = RequestFactory().generic(method, target, headers=headers, **_script(target, script_name))
        response: Any = middleware(request)
        return _reply(method, response)

    return call


def async_middleware() -> Road:
    async def view(request: Any) -> HttpResponseBase:
        return _view(request)

    middleware = ClearwayMiddleware(view)

    def call(target: str, method: str = "GET", headers: Headers | None = None, script_name: str = "") -> Reply:
        assert not script_name, "AsyncRequestFactory has no words for it"

        async def ask() -> Reply:
            response: Any = await middleware(AsyncRequestFactory().generic(method, target, headers=headers))
            body = b"".join([part async for part in response]) if response.streaming else response.content
            return _reply(method, response, body)

        return asyncio.run(ask())

    return call


def _view(request: Any) -> HttpResponseBase:
    if request.path_info == "/hello":
        return HttpResponse("hello from Django")
    return HttpResponseNotFound(b"nothing here")


def _script(target: str, script_name: str) -> dict[str, Any]:
    path = unquote_to_bytes(target.partition("?")[0]).decode("latin-1")
    return {"SCRIPT_NAME": script_name, "PATH_INFO": path} if script_name else {}


def _reply(method: str, response: Any, body: bytes | None = None) -> Reply:
    if body is None:
        body = b"".join(response) if response.streaming else response.content
    response.close()
    fields = list(response.items())
    check_length(method, response.status_code, fields, body)
    return Reply(response.status_code, lowered(fields), body)


ROADS: dict[str, Callable[[], Road]] = {
    "WSGI": wsgi_wrapper,
    "ASGI": asgi_wrapper,
    "ASGI with pathsend": asgi_wrapper_with_pathsend,
    "middleware, WSGIHandler": wsgi_handler,
    "middleware, ASGIHandler": asgi_handler,
    "middleware, Client": client,
    "middleware, AsyncClient": async_client,
    "middleware alone": sync_middleware,
    "middleware alone, async": async_middleware,
}
