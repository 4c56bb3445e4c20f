"""`clearway.middleware.ClearwayMiddleware`: static files from inside Django, sync and async."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import ref

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .catalogs import catalog_of
from .fetched import fetch_at_start
from .http.resource import Passed
from .media.responses import async_response_of, response_of
from .project import Project
from .serve.service import Request, Service
from .serve.wsgi import request_fields

SyncNext = Callable[[HttpRequest], HttpResponseBase]
AsyncNext = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


_made: deque["ref[Service]"] = deque(maxlen=1)


def newest_service() -> Service | None:
    """The service of the middleware that was made last, for a lane to answer from; None without one."""
    return _made[0]() if _made else None


class ClearwayMiddleware:
    """Answers static requests and hands every other one to the next middleware.

    It stands directly below SecurityMiddleware. Settings are read once, when the worker starts. So are the names of
    the current release where `CLEARWAY["records"]` is a URL; raises `StoreError` when there are none to be had.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        project = Project.from_settings()
        self.service = Service(catalog_of(project))
        fetch_at_start(project)
        _made.append(ref(self.service))
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._is_async:
            return self.__acall__(request)
        served = self.service.serve(read_request(request))
        if served is None or isinstance(served, Passed):
            response: HttpResponseBase = self.get_response(request)
            return _forbid_storing_misses(response) if served else response
        return response_of(served)

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        served = await self.service.aserve(read_request(request))
        if served is None or isinstance(served, Passed):
            response: HttpResponseBase = await self.get_response(request)
            return _forbid_storing_misses(response) if served else response
        return async_response_of(served)


def read_request(request: HttpRequest) -> Request:
    """What an answer may depend on, out of Django's request."""
    meta = request.META
    return Request(
        request.method or "GET",
        request.path_info,
        request_fields(meta),
        meta.get("QUERY_STRING", ""),
        meta.get("SCRIPT_NAME", "").rstrip("/"),
    )


def _forbid_storing_misses(response: HttpResponseBase) -> HttpResponseBase:
    """Mark a 404 of the application as not to be stored: the file may be there after the next deploy."""
    if response.status_code == 404:
        response.headers["Cache-Control"] = "no-store"
    return response
