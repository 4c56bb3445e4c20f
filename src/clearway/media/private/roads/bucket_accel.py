"""nginx fetches the object from the bucket and sends it, in the place of an empty answer (X-Accel-Redirect).

nginx is told of the object in a header field of its own, as the octets that were signed: in the path of the internal
location it would decode them and merge slashes. It is told the range as well, so that ranges and conditions are
decided here as on every other road.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from clearway.media.private.files import PrivateFile
from clearway.media.responses import response_of
from clearway.stores.signing.window import window

from .bucket_redirect import Sign
from .bucket_stream import decided

# nginx's $upstream_http_x_clearway_object and $upstream_http_x_clearway_range
OBJECT, RANGE = "X-Clearway-Object", "X-Clearway-Range"
LIFETIME = 60  # seconds in which nginx has to ask, and ask again after an error


@dataclass(frozen=True)
class BucketAccel:
    """`internal` is the path of the location that proxies the bucket. No client sees the signature."""

    sign: Sign
    internal: str = "/private-bucket/"
    lifetime: int = LIFETIME
    clock: Callable[[], float] = time.time
    name: str = "x-accel"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        """What has no content is answered here: the URL is signed for GET alone."""
        answer = decided(request, file)
        octets = answer.octets
        if octets is None or not octets.count or not answer.sends_content:
            return response_of((answer, answer.content))
        parts = urlsplit(self.sign(file, window(self.clock(), self.lifetime)))
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        told = {**file.headers, "ETag": file.etag, "X-Accel-Redirect": self.internal, OBJECT: target}
        if answer.status == 206:
            told[RANGE] = f"bytes={octets.start}-{octets.start + octets.count - 1}"
        return HttpResponse(headers=told)
