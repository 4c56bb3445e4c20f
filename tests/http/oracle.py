"""What an answer must be: RFC 9110 §12.5.3, §13.2.2 and §14.2 said again, slowly, over structured requests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .samples import Member, Tag, Wanted, render

TIE = ("br", "zstd", "gzip", "identity")
SHARED = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
PHRASES = {412: b"Precondition Failed\n", 416: b"Range Not Satisfiable\n"}


@dataclass(frozen=True)
class Asked:
    """A conditional request in parts. Dates are seconds since 1970, or None where the field is garbage."""

    method: str = "GET"
    encodings: list[Member] | None = None
    match: list[Tag] | str | None = None
    none_match: list[Tag] | str | None = None
    modified_since: tuple[int | None] | None = None
    unmodified_since: tuple[int | None] | None = None
    range_: Wanted | None = None
    if_range: Tag | tuple[int | None] | None = None

    def fields(self) -> dict[str, str]:
        """As the adapters hand it over."""
        texts = {
            "accept-encoding": None if self.encodings is None else render(self.encodings),
            "if-match": _list(self.match),
            "if-none-match": _list(self.none_match),
            "if-modified-since": _date(self.modified_since),
            "if-unmodified-since": _date(self.unmodified_since),
            "range": self.range_.text if self.range_ else None,
            "if-range": self.if_range.text if isinstance(self.if_range, Tag) else _date(self.if_range),
        }
        return {name: text for name, text in texts.items() if text is not None}


@dataclass(frozen=True)
class Due:
    """What must come back: `span` holds the positions of the octets, in the file of the coding."""

    status: int
    headers: dict[str, str]
    coding: str = ""
    span: list[int] = field(default_factory=list)
    content: bytes = b""


def http_date(seconds: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return f"{moment:%a, %d %b %Y %H:%M:%S} GMT"


def acceptable(listed: list[Member]) -> set[str]:
    """§12.5.3, where weights only exclude, and a lone `*` or nothing at all asks for no coding."""
    if all(member.coding == "*" and not member.excludes for member in listed):
        return {"identity"}
    return {coding for coding in TIE if _accepts(listed, coding)}


def _accepts(listed: list[Member], coding: str) -> bool:
    own = [member for member in listed if member.coding.removeprefix("x-") == coding]
    rest = [member for member in listed if member.coding == "*"]
    if own or rest:
        return not any(member.excludes for member in own or rest)
    return coding == "identity"


def select(listed: list[Member], sizes: dict[str, int]) -> str:
    """The smallest acceptable coding; the tie order decides between equals; identity when nothing is acceptable."""
    best = "identity"
    candidates = [coding for coding in TIE if coding in sizes and coding in acceptable(listed)]
    for at, coding in enumerate(candidates):
        if at == 0 or sizes[coding] < sizes[best]:
            best = coding
    return best


def due(asked: Asked, sizes: dict[str, int], tags: dict[str, str], modified: int | None) -> Due:
    """The answer for /static/site.css in these codings, under the default rules."""
    listed = asked.encodings or []
    wanted = asked.range_ if asked.method == "GET" and asked.range_ and asked.range_.understood else None
    if wanted and "identity" not in acceptable(listed) and select(listed, sizes) != "identity":
        wanted = None
    if wanted and asked.if_range is not None and not _is_current(asked.if_range, tags["identity"], modified):
        wanted = None
    coding = "identity" if wanted else select(listed, sizes)
    length, current = sizes[coding], _current(coding, sizes, tags, modified)

    # 1., 2.
    if asked.match is not None:
        if not (asked.match == "*" or any(not each.weak and each.quoted == tags[coding] for each in asked.match)):
            return _refusal(412)
    elif _is_later(modified, asked.unmodified_since):
        return _refusal(412)
    # 3., 4.
    unmodified = {name: current[name] for name in current if name in ("ETag", "Cache-Control", "Vary")} | SHARED
    if asked.none_match is not None:
        if asked.none_match == "*" or any(each.quoted == tags[coding] for each in asked.none_match):
            return Due(304, unmodified)
    elif _is_later(modified, asked.modified_since) is False:
        return Due(304, unmodified)
    # 5.
    if not wanted:
        return Due(200, current, coding, [] if asked.method == "HEAD" else list(range(length)))
    span = wanted.positions(length)
    if not span:
        return _refusal(416, {"Content-Range": f"bytes */{length}", "Accept-Ranges": "bytes"})
    part = {"Content-Length": str(len(span)), "Content-Range": f"bytes {span[0]}-{span[-1]}/{length}"}
    return Due(206, current | part, coding, span)


def _current(coding: str, sizes: dict[str, int], tags: dict[str, str], modified: int | None) -> dict[str, str]:
    headers = {
        "Content-Type": "text/css; charset=utf-8",
        "Content-Length": str(sizes[coding]),
        "ETag": tags[coding],
        "Cache-Control": "max-age=60, public",
        "Accept-Ranges": "bytes",
        **SHARED,
    }
    if coding != "identity":
        headers["Content-Encoding"] = coding
    if modified is not None:
        headers["Last-Modified"] = http_date(modified)
    if len(sizes) > 1:
        headers["Vary"] = "Accept-Encoding"
    return headers


def _refusal(status: int, more: dict[str, str] | None = None) -> Due:
    content = PHRASES[status]
    own = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(content))}
    return Due(status, own | {"Cache-Control": "no-store"} | SHARED | (more or {}), content=content)


def _is_current(validator: Tag | tuple[int | None], current: str, modified: int | None) -> bool:
    if isinstance(validator, Tag):
        return not validator.weak and validator.quoted == current
    return validator[0] is not None and validator[0] == modified


def _is_later(modified: int | None, date: tuple[int | None] | None) -> bool | None:
    """None where there is nothing to compare."""
    if date is None or date[0] is None or modified is None:
        return None
    return modified > date[0]


def _list(tags: list[Tag] | str | None) -> str | None:
    return tags if tags is None or isinstance(tags, str) else ", ".join(each.text for each in tags)


def _date(date: tuple[int | None] | None) -> str | None:
    if date is None:
        return None
    return "yesterday" if date[0] is None else http_date(date[0])
