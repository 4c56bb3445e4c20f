"""The ASGI server sends the file (`http.response.pathsend`): `clearway.asgi.Clearway` around Django hands it over."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from clearway.media.private.files import PrivateFile
from clearway.media.responses import Stream as Streamed
from clearway.media.responses import async_response_of, with_headers
from clearway.serve.bodies import OpenFile
from clearway.serve.pathsend import HANDOFF, Handoff

from .stream import Stream, serve


@dataclass(frozen=True)
class PathSend:
    """For a whole file, where the server offers it; otherwise blocks."""

    stream: Stream = field(default_factory=Stream)
    name: str = "pathsend"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        handoff: Handoff | None = (getattr(request, "scope", None) or {}).get(HANDOFF)
        if handoff is None:
            return self.stream.respond(request, file)
        answer, body = served = serve(request, file)
        if not isinstance(body, OpenFile) or not body.whole:
            return async_response_of(served)
        return with_headers(Streamed(_Handed(body, handoff), status=answer.status), answer)


class _Handed:
    """A body without blocks: as soon as it is asked for one, its header fields are sent and the file is handed over."""

    def __init__(self, file: OpenFile, handoff: Handoff) -> None:
        self._file, self._handoff = file, handoff

    def __aiter__(self) -> "_Handed":
        return self

    async def __anext__(self) -> bytes:
        self._handoff.file = self._file
        raise StopAsyncIteration

    def close(self) -> None:
        self._file.close()
