"""Conditional requests and ranges, as Go's http.ServeContent has them."""

import re
from email.utils import parsedate_to_datetime

from clearway.fronts.unknowable import Unknowable

from .request import Request

_TAG = re.compile(r'\s*((?:W/)?"[^"]*")\s*(?:,|$)')
_RANGE = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)


def checked(request: Request, mtime: int, size: int) -> tuple[int, int]:
    """The status of an answer whose fields are set, and how many octets it has. Raises Unknowable."""
    fields, tag = request.fields, request.headers.first("Etag")
    if "if-match" in fields:
        if not _has(fields["if-match"], tag, is_weak=False):
            return 412, 0
    elif "if-unmodified-since" in fields and mtime and (limit := _moment(fields["if-unmodified-since"])) is not None:
        return (412, 0) if mtime > limit else _read(request, mtime, size)
    return _read(request, mtime, size)


def _read(request: Request, mtime: int, size: int) -> tuple[int, int]:
    fields, headers = request.fields, request.headers
    tag = headers.first("Etag")
    is_read = request.method in {"GET", "HEAD"}
    if "if-none-match" in fields:
        if _has(fields["if-none-match"], tag, is_weak=True):
            return (_not_modified(request), 0) if is_read else (412, 0)
    elif is_read and mtime and (limit := _moment(fields.get("if-modified-since", ""))) is not None and mtime <= limit:
        return _not_modified(request), 0
    status, length = _ranged(request, mtime, size, tag) if "range" in fields else (200, size)
    if status != 416:
        headers.set("Accept-Ranges", "bytes")
    return status, length


def _ranged(request: Request, mtime: int, size: int, tag: str) -> tuple[int, int]:
    condition = request.fields.get("if-range", "")
    is_read = request.method in {"GET", "HEAD"}
    if is_read and condition and condition != tag and (_moment(condition) is None or _moment(condition) != mtime):
        return 200, size
    written = request.fields["range"]
    found = _RANGE.fullmatch(written.removeprefix("bytes=")) if written.startswith("bytes=") else None
    if found is None or not size:
        raise Unknowable("The range that is asked for is no single one.")
    span = _span(found[1], found[2], size)
    if span is None or span[0] >= size:
        request.headers.set("Content-Type", "text/plain; charset=utf-8")
        request.headers.set("X-Content-Type-Options", "nosniff")
        return 416, len("invalid range\n" if span is None else "invalid range: failed to overlap\n")
    return 206, span[1] - span[0]


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    if not first:
        if not last:
            return None
        return max(size - int(last), 0), size
    start, end = int(first), int(last) + 1 if last else size
    return None if last and end <= start else (start, min(end, size))


def _not_modified(request: Request) -> int:
    for name in ("Content-Type", "Content-Encoding", "Last-Modified" if request.headers.first("Etag") else ""):
        request.headers.delete(name)
    return 304


def _has(field: str, tag: str, *, is_weak: bool) -> bool:
    rest = field.strip()
    if rest.startswith("*"):
        return True
    for found in _TAG.finditer(rest):
        if found[1] == tag or (is_weak and found[1].removeprefix("W/") == tag.removeprefix("W/")):
            return True
    return False


def _moment(text: str) -> int | None:
    """Seconds of an HTTP date; None for what is none."""
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (ValueError, TypeError, IndexError):
        return None
