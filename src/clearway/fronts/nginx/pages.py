"""`error_page`, and the page that nginx has for a status (ngx_http_special_response.c)."""

from clearway.fronts.directive import Directive
from clearway.fronts.nginx.request import Ending, Request, Served
from clearway.fronts.nginx.rewriting import REDIRECTS

# Statuses for which nginx has a page; others have no body and no type.
_PAGES = frozenset({
    301, 302, 303, 307, 308, *range(400, 407), *range(408, 417), 421, 429, 494, 495, 496, 497, *range(500, 506), 507,
})  # fmt: skip
_LENGTH = 150  # about, of such a page in octets
_BAD_REQUESTS = frozenset({494, 495, 496, 497})  # shown as 400


def answer(request: Request, status: int) -> Ending:
    """A redirect to the error page of the level, or nginx's own page. Raises Unknowable."""
    request.error_status = status
    request.kept_type = ""
    rule = _rule(request, status)
    if rule:
        return _page(request, rule, status)
    if status in _BAD_REQUESTS:
        request.error_status = 400
    has_page = status in _PAGES
    return Served(request.error_status, type="text/html" if has_page else None, length=_LENGTH if has_page else 0)


def _rule(request: Request, status: int) -> Directive | None:
    """The first that names the status; an error on an error page has none, unless recursive_error_pages is on."""
    rules = request.scope.nearest("error_page")
    if request.on_error_page or not rules or request.changes_left == 0:
        return None
    request.on_error_page = not request.scope.is_on("recursive_error_pages")
    return next((rule for rule in rules if str(status) in _codes(rule)), None)


def _codes(rule: Directive) -> tuple[str, ...]:
    return rule.words[:-2] if rule.words[-2].startswith("=") else rule.words[:-1]


def _page(request: Request, rule: Directive, status: int) -> Ending:
    change = rule.words[-2] if rule.words[-2].startswith("=") else None
    if change is not None:
        request.error_status = int(change[1:] or 0)
    elif status in _BAD_REQUESTS:
        request.error_status = 400
    target = request.text(rule.words[-1])
    becomes = "" if change is None else f", and the status becomes {change[1:] or 'its own'}"
    request.step("error_page", f"{status} is answered by {target}{becomes}", rule)
    if target.startswith("@"):
        return request.go_to_named(target)
    if target.startswith("/"):
        if request.method != "HEAD":
            request.method = "GET"
        path, _, arguments = target.partition("?")
        return request.redirect(path, arguments)
    if request.error_status not in REDIRECTS:
        request.error_status = 302
    request.location = target
    return Served(request.error_status, type="text/html", length=_LENGTH)
