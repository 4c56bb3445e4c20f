"""`clearway.middleware.ClearwayMiddleware`: static files from inside Django, sync and async."""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from weakref import ref

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from .catalogs import catalog_of
from .http.fields import STATUSES
from .http.resource import Answer, Passed
from .project import Project
from .serve.asgi import next_block
from .serve.bodies import BLOCK, OpenFile
from .serve.service import Request, Served, Service
from .serve.wsgi import Blocks, request_fields

SyncNext = Callable[[HttpRequest], HttpResponseBase]
AsyncNext = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


_made: deque["ref[Service]"] = deque(maxlen=1)


def newest_service() -> Service | None:
    """The service of the middleware that was made last, for a lane to answer from; None without one."""
    return _made[0]() if _made else None


class ClearwayMiddleware:
    """Answers static requests and hands every other one to the next middleware.

    It stands directly below SecurityMiddleware. Settings are read once, when the worker starts.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        self.service = Service(catalog_of(Project.from_settings()))
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
        return _response(served)

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        served = await self.service.aserve(read_request(request))
        if served is None or isinstance(served, Passed):
            response: HttpResponseBase = await self.get_response(request)
            return _forbid_storing_misses(response) if served else response
        return _async_response(served)


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


class SendFile(FileResponse):
    """A whole file: the WSGI handler hands it to the server's `wsgi.file_wrapper`. The headers are Clearway's."""

    block_size = BLOCK

    def __init__(self, file: OpenFile, status: int) -> None:
        self._close_file = file.close
        super().__init__(file, status=status)

    def close(self) -> None:
        """Django passes over what a file says when it is closed; the server has to hear that it became shorter."""
        try:
            self._close_file()
        finally:
            super().close()

    def set_headers(self, filelike: Any) -> None:
        """Leave type, length and disposition alone."""


class AsyncBlocks:
    """An open file as Django's async responses want it: it never keeps the loop waiting, and it can be closed."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while self._file.left:
                yield await next_block(self._file)
        except BaseException:  # Django closes a response only when all of it was sent
            self._file.file.close()
            raise

    def close(self) -> None:
        self._file.close()


def _response(served: Served) -> HttpResponseBase:
    answer, body = served
    if isinstance(body, bytes):
        return _with_headers(HttpResponse(body, status=answer.status), answer)
    if body.whole:
        return _with_headers(SendFile(body, answer.status), answer)
    return _with_headers(StreamingHttpResponse(Blocks(body), status=answer.status), answer)


def _async_response(served: Served) -> HttpResponseBase:
    answer, body = served
    if isinstance(body, bytes):
        return _with_headers(HttpResponse(body, status=answer.status), answer)
    return _with_headers(StreamingHttpResponse(AsyncBlocks(body), status=answer.status), answer)


def _with_headers(response: HttpResponseBase, answer: Answer) -> HttpResponseBase:
    response.reason_phrase = STATUSES[answer.status]  # that of older Pythons for 416 is not RFC 9110's
    del response.headers["Content-Type"]
    for name, value in answer.headers:
        response.headers[name] = value
    return response


def _forbid_storing_misses(response: HttpResponseBase) -> HttpResponseBase:
    """Mark a 404 of the application as not to be stored: the file may be there after the next deploy."""
    if response.status_code == 404:
        response.headers["Cache-Control"] = "no-store"
    return response
