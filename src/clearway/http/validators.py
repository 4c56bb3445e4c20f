"""Validators: entity tags and dates, and what the conditional fields say about them (RFC 9110 §8.8, §13.1)."""

import re
from datetime import UTC, datetime
from email.utils import formatdate
from functools import lru_cache

_TAG = re.compile(r'[ \t]*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*(?:,|\Z)|[ \t]*(?:,|\Z)')  # §8.8.3
_ONE_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = {name: number for number, name in enumerate(_MONTHS, start=1)}
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_DATES = tuple(
    re.compile(form)
    for form in (  # IMF-fixdate, RFC 850, asctime (§5.6.7)
        rf"[A-Z][a-z]{{2}}, (?P<day>[0-9]{{2}}) (?P<month>[A-Z][a-z]{{2}}) (?P<year>[0-9]{{4}}) {_TIME} GMT\Z",
        rf"[A-Z][a-z]{{5,8}}, (?P<day>[0-9]{{2}})-(?P<month>[A-Z][a-z]{{2}})-(?P<year>[0-9]{{2}}) {_TIME} GMT\Z",
        rf"[A-Z][a-z]{{2}} (?P<month>[A-Z][a-z]{{2}}) (?P<day>[0-9 ][0-9]) {_TIME} (?P<year>[0-9]{{4}})\Z",
    )
)
_LONGEST_DATE = 40  # octets; no form of HTTP-date is longer


def strong_tag(opaque: str) -> str:
    """A strong entity tag around an opaque value of visible ASCII without quotes."""
    return f'"{opaque}"'


def tag_of_coding(given: str, coding: str) -> str | None:
    """An entity tag that somebody chose, for one content coding; None when it is malformed.

    What differs between codings cannot share a strong tag (§8.8.3.3); a weak one it may.
    """
    if not _ONE_TAG.fullmatch(given):
        return None
    return given if given.startswith("W/") or coding == "identity" else f'{given[:-1]}-{coding}"'


def format_date(seconds: int) -> str:
    """An IMF-fixdate for seconds since 1970 (RFC 9110 §5.6.7)."""
    return formatdate(seconds, usegmt=True)


def parse_date(field: str) -> int | None:
    """Seconds since 1970 for a valid HTTP-date in any of its three forms, otherwise None.

    Two-digit years mean 1970 to 2069: §5.6.7 asks for a clock here, and no sender of this form knows one.
    """
    return _parse_date(field) if len(field) <= _LONGEST_DATE else None


@lru_cache(maxsize=512)
def _parse_date(field: str) -> int | None:
    for form in _DATES:
        if found := form.match(field):
            return _seconds(found)
    return None


def _seconds(found: re.Match[str]) -> int | None:
    year, day = int(found["year"]), int(found["day"])
    if len(found["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    try:
        moment = datetime(year, _MONTH[found["month"]], day, hour, minute, min(second, 59), tzinfo=UTC)
    except (KeyError, ValueError):
        return None
    return int(moment.timestamp()) + second // 60 if second <= 60 else None  # 60 is a leap second


def lists_tag(field: str, tag: str, *, weakly: bool) -> bool:
    """Whether a list of entity tags contains `tag`, or is `*` (§13.1.1, §13.1.2).

    `weakly` compares by §8.8.3.2's weak function, where W/"x" equals "x". What follows a malformed member is
    not read, so that the time is linear in the field's length.
    """
    if field.strip(" \t") == "*":
        return True
    is_weak, opaque = tag.startswith("W/"), tag.removeprefix("W/")[1:-1]
    position = 0
    while position < len(field) and (member := _TAG.match(field, position)):
        if member[2] == opaque and (weakly or not (member[1] or is_weak)):
            return True
        position = member.end()
    return False


def modified_since(field: str, modified: int | None) -> bool | None:
    """If-Modified-Since as a condition: None when it is to be ignored (§13.1.3)."""
    since = parse_date(field)
    return None if since is None or modified is None else modified > since


def unmodified_since(field: str, modified: int | None) -> bool | None:
    """If-Unmodified-Since as a condition: None when it is to be ignored (§13.1.4)."""
    changed = modified_since(field, modified)
    return None if changed is None else not changed


def if_range_holds(field: str, tag: str, modified: int | None) -> bool:
    """Whether an If-Range validator is exactly the current one; a weak tag never is (§13.1.5)."""
    value = field.strip(" \t")
    if value.startswith(('"', "W/")):
        return value == tag and not tag.startswith("W/")
    since = parse_date(value)
    return since is not None and since == modified
