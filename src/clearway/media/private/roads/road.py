"""What every road does."""

from typing import Protocol

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from clearway.media.private.files import PrivateFile


class Road(Protocol):
    """A way to send a file that the permission allowed.

    `name` is told by the signal `accessed`. `respond` answers GET and HEAD. It may wait for a disk or a network, and is
    called in a thread where an event loop runs. The answer has `file.headers`, or sees to it that the client gets them.
    Raises `FileNotFoundError` where the file has gone since it was found: the client is told what it is told of a file
    that was never there.
    """

    @property
    def name(self) -> str: ...

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase: ...
