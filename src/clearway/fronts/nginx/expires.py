"""`expires`: Expires and Cache-Control as nginx computes them (ngx_http_headers_filter_module)."""

import re
import time

from clearway.http.validators import format_date

_UNITS = {"y": 31536000, "M": 2592000, "w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1, "": 1}
_DURATION = re.compile(r"(?:\d+[yMwdhms]?)+")
_EPOCH = {"expires": "Thu, 01 Jan 1970 00:00:01 GMT", "cache-control": "no-cache"}
_MAX = {"expires": "Thu, 31 Dec 2037 23:55:55 GMT", "cache-control": "max-age=315360000"}


def seconds(text: str) -> int | None:
    """Of a duration such as `1h30m`; None where it is none."""
    if not _DURATION.fullmatch(text.replace(" ", "")):
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([yMwdhms]?)", text))


def headers(words: list[str], modified: int | None, now: float | None = None) -> dict[str, str]:
    """Of the evaluated words of `expires`; `modified` is when the answer's file was changed."""
    now = int(time.time() if now is None else now)
    if words == ["epoch"]:
        return dict(_EPOCH)
    if words == ["max"]:
        return dict(_MAX)
    is_from_file, text = words[0] == "modified" and len(words) > 1, words[-1]
    if text.startswith("@"):
        return _daily(text[1:], now)
    span = seconds(text.lstrip("+-"))
    if text == "off" or span is None:
        return {}
    span = -span if text.startswith("-") else span
    start = modified if is_from_file and modified is not None and span else now
    return _dated(start + span, now, span)


def _daily(text: str, now: int) -> dict[str, str]:
    """The next time of day, local time."""
    span = seconds(text)
    if span is None or span >= 86400:
        return {}
    local = time.localtime(now)
    then = int(time.mktime((local.tm_year, local.tm_mon, local.tm_mday, 0, 0, span, 0, 0, -1)))
    return _dated(then if then > now else then + 86400, now, 0)


def _dated(then: int, now: int, span: int) -> dict[str, str]:
    age = then - now
    control = "no-cache" if span < 0 or age < 0 else f"max-age={age}"
    return {"expires": format_date(then), "cache-control": control}
