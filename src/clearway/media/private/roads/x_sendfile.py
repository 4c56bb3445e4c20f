"""Apache's mod_xsendfile, or lighttpd, sends the file (X-Sendfile)."""

import os
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from clearway.http.validators import format_date
from clearway.media.private.files import PrivateFile


@dataclass(frozen=True)
class XSendfile:
    """The path as the setting spells it, octet by octet. The server answers ranges and conditions."""

    name: str = "x-sendfile"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        path = os.path.join(file.storage.location, file.name)
        response = HttpResponse(headers={**file.headers, "X-Sendfile": _octets(path), "ETag": file.etag})
        if file.modified is not None:
            response.headers["Last-Modified"] = format_date(file.modified)
        return response


def _octets(path: str) -> str:
    """mod_xsendfile 0.12 and Caddy decode nothing; Clearway's configuration keeps later versions from it.

    Raises `FileNotFoundError` for a name that no header field can hold.
    """
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        raise FileNotFoundError(path)
    return os.fsencode(path).decode("latin-1")
