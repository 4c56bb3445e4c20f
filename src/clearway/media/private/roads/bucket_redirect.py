"""The client is sent on to a signed URL, of the bucket or of what stands before it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from clearway.media.private.files import PrivateFile
from clearway.media.responses import response_of
from clearway.stores.signing.window import Window, window

from .bucket_stream import decided

Sign = Callable[[PrivateFile, Window], str]
"""The URL of a file that holds for a window of time."""

LIFETIME = 300  # seconds that a signed URL holds at least: the time in which a download has to begin
# the permission is asked again each time, and nobody beside the client learns where it was sent
_OWN = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Redirect:
    """302 to `sign(file, window)`.

    The URL stays the same for as long as the browser may keep the file without asking, `max_age` of the setting, and
    holds `lifetime` seconds longer. HEAD is answered here: a URL is signed for GET alone.
    """

    sign: Sign
    lifetime: int = LIFETIME
    clock: Callable[[], float] = time.time
    name: str = "redirect"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        if request.method == "HEAD":
            return response_of((decided(request, file), b""))
        return redirected(self.sign(file, window_of(file, self.lifetime, self.clock)))


def window_of(file: PrivateFile, lifetime: int, clock: Callable[[], float]) -> Window:
    """The time that is signed for."""
    return window(clock(), lifetime, file.setting.max_age or 0)


def redirected(url: str) -> HttpResponse:
    """To a URL that this process made: no part of it is a client's."""
    response = HttpResponse(status=302, headers={**_OWN, "Location": url})
    del response.headers["Content-Type"]
    return response


@dataclass(frozen=True)
class CookieRedirect:
    """302 to `url(file)`, with the cookies by which a content delivery network lets it be asked for.

    cookies   `(file, window) -> {name: value}`, such as `clearway.stores.signing.cloudfront.cookies`
    domain    that the site and the network's host share: ".shop.example"
    path      for which the browser sends the cookies: `file -> path`; that of the file's URL alone where it is None
    """

    url: Callable[[PrivateFile], str]
    cookies: Callable[[PrivateFile, Window], Mapping[str, str]]
    domain: str
    path: Callable[[PrivateFile], str] | None = None
    lifetime: int = LIFETIME
    clock: Callable[[], float] = time.time
    name: str = "cookies"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        if request.method == "HEAD":
            return response_of((decided(request, file), b""))
        held, url = window_of(file, self.lifetime, self.clock), self.url(file)
        response = redirected(url)
        path = self.path(file) if self.path else urlsplit(url).path
        for name, value in self.cookies(file, held).items():
            response.set_cookie(
                name, value, max_age=held.lifetime, path=path, domain=self.domain, secure=True, httponly=True
            )
        return response
