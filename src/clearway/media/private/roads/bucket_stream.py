"""In process, out of a storage that is no directory: a few blocks of the object are in memory, never all of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from clearway.http.decision import decide
from clearway.http.resource import Answer
from clearway.media.private.files import PrivateFile
from clearway.media.private.objects import Objects, Part
from clearway.media.responses import response_of, with_headers
from clearway.serve.event_loop import in_thread
from clearway.serve.wsgi import request_fields

from .stream import is_asynchronous


@dataclass(frozen=True)
class BucketStream:
    """A range of the client's is a range of the storage's, where that can be asked for one."""

    objects: Objects
    name: str = "stream"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        answer = decided(request, file)
        octets = answer.octets
        if octets is None or not octets.count or not answer.sends_content:
            return response_of((answer, answer.content))
        part = self.objects.read(file.name, octets.start, octets.count, file.etag)
        sent = _Waiting(part) if is_asynchronous(request) else part
        return with_headers(StreamingHttpResponse(sent, status=answer.status), answer)


def decided(request: HttpRequest, file: PrivateFile) -> Answer:
    """Status, header fields and octets, by the rule of all files."""
    return decide(request.method or "GET", request_fields(request.META), file.resource)


class _Waiting:
    """Blocks that are waited for in a thread, and let go when nobody wants them any more."""

    def __init__(self, part: Part) -> None:
        self._part = part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while block := await in_thread(next, self._part, b""):
                yield block
        finally:
            self.close()

    def close(self) -> None:
        self._part.close()
