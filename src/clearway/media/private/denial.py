"""What a client is told that is not sent a file: the same for every name, whether a file has it or not."""

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver, get_urlconf
from django.utils.cache import patch_cache_control

from .permission import is_signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse


def not_found(request: HttpRequest) -> HttpResponseBase:
    """The site's 404."""
    return _page(404, request)


def forbidden(request: HttpRequest) -> HttpResponseBase:
    """The site's 403."""
    return _page(403, request)


def to_login(request: HttpRequest) -> HttpResponseBase:
    """To LOGIN_URL for who is not signed in; the site's 404 for others."""
    from django.contrib.auth.views import redirect_to_login  # has models, and we are imported by models

    if is_signed_in(request):
        return not_found(request)
    return redirect_to_login(request.get_full_path())


def unkept(response: HttpResponseBase) -> HttpResponseBase:
    """No cache keeps a denial: it would outlive the permission."""
    patch_cache_control(response, private=True, no_store=True)
    if not response.streaming:
        response.headers.setdefault("Content-Length", str(len(cast("HttpResponse", response).content)))
    return response


def _page(status: int, request: HttpRequest) -> HttpResponseBase:
    handler: Any = get_resolver(get_urlconf()).resolve_error_handler(status)
    response: HttpResponseBase = handler(request, exception=Http404("No such file."))
    return response
