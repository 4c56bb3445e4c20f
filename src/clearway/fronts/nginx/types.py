"""The Content-Type that nginx gives a file: by the extension of the path, not of the file."""

from clearway.fronts.nginx import uri
from clearway.fronts.nginx.request import Request

# Without any `types`.
_DEFAULTS = {"html": "text/html", "gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
# `charset_types` by default; before 1.5.4 JavaScript was application/x-javascript.
_WITH_CHARSET = (
    "text/html", "text/xml", "text/plain", "text/vnd.wap.wml", "application/javascript", "application/rss+xml",
)  # fmt: skip


def of(request: Request) -> str:
    """For the request's path at its level, without charset."""
    if request.kept_type:
        return request.kept_type
    return _table(request).get(uri.extension(request.path)) or request.scope.word("default_type", "text/plain")


def _table(request: Request) -> dict[str, str]:
    """Of the nearest level that has `types`; its blocks are one table, a later line wins."""
    blocks = request.scope.nearest("types")
    if not blocks:
        return _DEFAULTS
    return {word.lower(): each.name for block in blocks for each in block.block or () for word in each.words}


def with_charset(request: Request, media: str, status: int) -> str:
    """The type as it is sent: `charset` adds itself to the types of `charset_types`."""
    charset = request.text(request.scope.word("charset", "off"))
    if charset == "off" or status in {301, 302} or not is_among(request, "charset_types", media, _WITH_CHARSET):
        return media
    return f"{media}; charset={charset}"


def is_among(request: Request, directive: str, media: str, defaults: tuple[str, ...]) -> bool:
    """Whether a type is in a list of types such as `gzip_types`; text/html always is."""
    named = [word.lower() for each in request.scope.nearest(directive) for word in each.words]
    wanted = set(named) | {"text/html"} if named else set(defaults)
    return media.lower() in wanted or "*" in wanted
