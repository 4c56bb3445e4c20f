"""In process, with ranges and conditions: by the rule and the files of the in-process server."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from clearway.http.decision import decide
from clearway.media.private.files import PrivateFile
from clearway.media.responses import async_response_of, response_of
from clearway.serve.bodies import Bodies, FileChangedError
from clearway.serve.service import Served
from clearway.serve.wsgi import request_fields

_FROM_POSITION = ("gunicorn.",)  # servers whose file wrapper sends Content-Length octets from the file's position


@dataclass(frozen=True)
class Stream:
    """Blocks of the file; the server's `sendfile` where it has one."""

    name: str = "stream"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        served = serve(request, file)
        if is_asynchronous(request):
            return async_response_of(served)
        return response_of(served, sends_parts=_sends_parts(request))


def serve(request: HttpRequest, file: PrivateFile) -> Served:
    """The answer and its octets. Raises `FileNotFoundError` where the file is not what was found."""
    answer = decide(request.method or "GET", request_fields(request.META), file.resource)
    try:
        return answer, _bodies.body(answer)
    except FileChangedError as error:
        raise FileNotFoundError(str(error)) from error


def is_asynchronous(request: HttpRequest) -> bool:
    """Whether an ASGI server waits for the answer."""
    return getattr(request, "scope", None) is not None


def _sends_parts(request: HttpRequest) -> bool:
    wrapper: Any = request.META.get("wsgi.file_wrapper")
    return str(getattr(wrapper, "__module__", "")).startswith(_FROM_POSITION)


_bodies = Bodies(budget=0)
