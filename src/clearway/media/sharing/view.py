"""The view of share links: the file by the road of its storage, for whoever has a link that is alive.

A link with a limit shows a page first, and the button of the page takes one of the uses. So a messenger that looks at
the link, a HEAD and a prefetch take none. The browser that took it keeps a cookie for this link, with which it can ask
again, for parts or after a failure, for `grace` seconds.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import csrf_exempt

from clearway.http.ranges import parse_range
from clearway.media.private import AskedFile, Permission, not_found, private_files
from clearway.media.private.denial import unkept
from clearway.media.private.files import PrivateFile

from .models import ShareLink
from .targets import found, storage_of
from .tokens import claim_of, is_claim, key_of

COOKIE = "clearway-share"
GRACE = 3600  # seconds
_METHODS = ("GET", "HEAD")
_ALLOWED = (*_METHODS, "POST")
# the URL is the key: no other site, no index and no log of the application gets it
_DISCREET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


def anybody(request: HttpRequest, file: AskedFile) -> bool:
    """The link is the permission."""
    return True


def shared_files(permission: Permission = anybody, grace: int = GRACE) -> Callable[..., Any]:
    """A view for `path("<str:token>/", shared_files(), name="link")` in the namespace `clearway_sharing`.

    permission  asked once more at each request, with `request.user` being who made the link: a link then gives no more
                than that user may see now
    grace       seconds in which the browser that opened a link with a limit may ask again
    """
    answers = _Answers(permission, grace)

    def view(request: HttpRequest, token: str) -> HttpResponseBase:
        return _discreet(answers.answer(request, token))

    return non_atomic_requests(login_not_required(csrf_exempt(view)))


@dataclass(frozen=True)
class _Answers:
    permission: Permission
    grace: int

    def answer(self, request: HttpRequest, token: str) -> HttpResponseBase:
        if request.method not in _ALLOWED:
            return unkept(HttpResponseNotAllowed(_ALLOWED))
        link = _alive(token)
        if link is None:
            return unkept(not_found(request))
        if link.limit is None or self._has_claim(request, link):
            return self._sent(request, link) if request.method in _METHODS else unkept(not_found(request))
        return unkept(not_found(request) if link.is_used_up else self._opened(request, link))

    def _has_claim(self, request: HttpRequest, link: ShareLink) -> bool:
        return request.method in _METHODS and is_claim(request.COOKIES.get(COOKIE, ""), link.pk, self.grace)

    def _sent(self, request: HttpRequest, link: ShareLink) -> HttpResponseBase:
        """By the view of private files, so that what holds for those holds here; it tells `accessed` of it."""
        request.share_link = link  # type: ignore[attr-defined]
        permission = anybody if self.permission is anybody else self._as_maker(link)
        response: HttpResponseBase = private_files(permission, storage_of(link.storage))(request, link.name)
        if link.limit is None and response.status_code < 400 and _starts(request):
            link.note_use()
        return response

    def _as_maker(self, link: ShareLink) -> Permission:
        return lambda request, file: self.permission(_as_of(link.created_by, request), file)

    def _opened(self, request: HttpRequest, link: ShareLink) -> HttpResponseBase:
        file = found(link.storage, link.name)
        if file is None:
            return not_found(request)
        if request.method in _METHODS:
            return _page(request, link, file)
        return self._claimed(request, link) if link.claim() else not_found(request)

    def _claimed(self, request: HttpRequest, link: ShareLink) -> HttpResponseBase:
        place = escape_leading_slashes(escape_uri_path(request.path))  # with `//` it would be another host
        value, secure = claim_of(link.pk), request.is_secure()
        response = HttpResponse(status=303, headers={"Location": place})
        response.set_cookie(COOKIE, value, self.grace, path=place, secure=secure, httponly=True, samesite="Lax")
        return response


def _page(request: HttpRequest, link: ShareLink, file: PrivateFile) -> HttpResponse:
    """Not in a frame, where somebody could be made to press the button."""
    page = render(request, "clearway_sharing/open.html", {"link": link, "file": file})
    page.headers["X-Frame-Options"] = "DENY"
    return page


def _as_of(user: Any, request: HttpRequest) -> HttpRequest:
    """The request, as if a user made it; of a link that nobody made, nobody."""
    from django.contrib.auth.models import AnonymousUser

    who = user or AnonymousUser()

    async def auser() -> Any:
        return who

    theirs = copy.copy(request)
    theirs.user, theirs.auser = who, auser
    return theirs


def _alive(token: str) -> ShareLink | None:
    """The row, unless it is revoked or expired, or its maker's account or its storage is gone."""
    key = key_of(token)
    link = key and ShareLink.objects.select_related("created_by").filter(pk=key).first()
    if not link or link.state in ("revoked", "expired"):
        return None
    if link.created_by is not None and not link.created_by.is_active:
        return None
    return link if storage_of(link.storage) is not None else None


def _starts(request: HttpRequest) -> bool:
    """Whether the beginning of the file is asked for: what goes on with a download is no other use."""
    asked = parse_range(request.headers.get("Range", ""))
    return request.method == "GET" and (asked is None or asked.first == 0)


def _discreet(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in _DISCREET.items():
        response.headers[name] = value
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the path, which is the key
    return response
