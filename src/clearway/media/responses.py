"""Django's responses around Clearway's answers: the one way in which a file goes out through Django."""

from collections.abc import AsyncIterator
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from clearway.http.fields import STATUSES
from clearway.http.resource import Answer
from clearway.serve.asgi import next_block
from clearway.serve.bodies import BLOCK, OpenFile
from clearway.serve.service import Served
from clearway.serve.wsgi import Blocks


class Sealable(HttpResponseBase):
    """A response whose content no middleware encodes once it is sealed: a part of a file would be a part of nothing."""

    _is_sealed = False

    def seal(self) -> None:
        self._is_sealed = True

    def has_header(self, header: str) -> bool:
        """As every such middleware asks: a coding has been chosen, which may be none."""
        return (self._is_sealed and header.lower() == "content-encoding") or super().has_header(header)


class Content(Sealable, HttpResponse):
    """Octets in memory."""


class Stream(Sealable, StreamingHttpResponse):
    """Blocks."""


class SendFile(Sealable, FileResponse):
    """A file that the WSGI handler hands to the server's `wsgi.file_wrapper`. The headers are Clearway's."""

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


def response_of(served: Served, *, sends_parts: bool = False) -> HttpResponseBase:
    """For a synchronous handler. `sends_parts`: the server's file wrapper sends from the file's position."""
    answer, body = served
    if isinstance(body, bytes):
        return with_headers(Content(body, status=answer.status), answer)
    if body.whole or sends_parts:
        return with_headers(SendFile(body, answer.status), answer)
    return with_headers(Stream(Blocks(body), status=answer.status), answer)


def async_response_of(served: Served) -> HttpResponseBase:
    """For an asynchronous handler."""
    answer, body = served
    if isinstance(body, bytes):
        return with_headers(Content(body, status=answer.status), answer)
    return with_headers(Stream(AsyncBlocks(body), status=answer.status), answer)


def with_headers(response: HttpResponseBase, answer: Answer) -> HttpResponseBase:
    """The response with the answer's reason and header fields, and no others."""
    response.reason_phrase = STATUSES[answer.status]  # that of older Pythons for 416 is not RFC 9110's
    del response.headers["Content-Type"]
    for name, value in answer.headers:
        response.headers[name] = value
    return response
