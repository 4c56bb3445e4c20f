"""What is answered in place of a file: httpd's own page for a status, or that of ErrorDocument."""

import re
from collections.abc import Callable

from clearway.fronts.directive import Directive

from .refused import Refused
from .request import Request, Served
from .uri import is_url

TYPE = "text/html; charset=iso-8859-1"
LIMIT = 10  # LimitInternalRecursion
_HOST = re.compile(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")

Run = Callable[[Request], tuple[Request, Served]]


def answer(request: Request, refused: Refused, run: Run) -> tuple[Request, Served]:
    """The page of a status; the request that it belongs to."""
    first = _first_failed(request)
    if first and (not refused.is_fresh or _depth(request) >= LIMIT):
        return first, Served(first.status, body="a page of httpd")
    status = request.status = refused.status
    request.location = refused.url
    rule = _rule(request, status)
    if rule is None:
        return request, Served(status, body="a page of httpd")
    text = rule.words[1]
    if text.startswith("/"):
        request.step("error page", f"ErrorDocument {status} {text}", rule)
        return run(_again(request, text))
    if is_url(text):
        request.step("error page", f"ErrorDocument {status} redirects to {text}", rule)
        request.status, request.location = 302, text
        return request, Served(302, body="a page of httpd")
    request.step("error page", f"ErrorDocument {status} is a text", rule)
    return request, Served(status, body=text)


def _again(request: Request, target: str) -> Request:
    from .routing import again

    path, mark, arguments = target.partition("?")
    return again(request, path, arguments if mark else None, "GET")


def _first_failed(request: Request) -> Request | None:
    """The request whose error led here."""
    each, found = request.previous, None
    while each is not None:
        found = each if each.status != 200 else found
        each = each.previous
    return found


def _depth(request: Request) -> int:
    """How many internal redirects led here."""
    count, each = 0, request.previous
    while each is not None:
        count, each = count + 1, each.previous
    return count


def failed(request: Request) -> int:
    """The status of the last error that led here, 0 without one."""
    each: Request | None = request
    while each is not None and each.status == 200:
        each = each.previous
    return each.status if each else 0


def _rule(request: Request, status: int) -> Directive | None:
    found = None
    for each in request.scope.all("errordocument"):
        if len(each.words) > 1 and each.words[0] == str(status):
            found = each
    if found is None or found.words[1].lower() == "default":
        return None
    return None if status == 401 and is_url(found.words[1]) else found  # httpd ignores such a line


def valid_host(host: str) -> bool:
    """As httpd is strict about it; an empty one is of HTTP/1.0."""
    return not host or (_HOST.fullmatch(host) is not None and ".." not in host)
