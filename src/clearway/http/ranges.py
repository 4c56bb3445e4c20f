"""The Range field: one byte range, or none (RFC 9110 §14.1, §14.2)."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(
    r"bytes=[ \t,]*(?:(?P<first>[0-9]+)-(?P<last>[0-9]*)|-(?P<suffix>[0-9]+))[ \t,]*\Z", re.IGNORECASE
)
_MOST_DIGITS = 18  # more would name a position beyond any file; the count bounds the cost of int()


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Positions as the client gave them: `first`–`last`, `first`– or the last `suffix` octets."""

    first: int | None
    last: int | None
    suffix: int | None

    def within(self, length: int) -> tuple[int, int] | None:
        """Start and octet count inside a representation of `length` octets, or None when unsatisfiable."""
        if self.suffix is not None:
            count = min(self.suffix, length)
            return (length - count, count) if count else None
        assert self.first is not None
        if self.first >= length:
            return None
        last = length - 1 if self.last is None else min(self.last, length - 1)
        return self.first, last - self.first + 1


def parse_range(field: str) -> ByteRange | None:
    """The one byte range that a Range field asks for.

    None for everything a server may answer whole: another unit, malformed values, several ranges.
    """
    found = _ONE_RANGE.match(field)
    if found is None:
        return None
    first, last, suffix = (_position(found[group]) for group in ("first", "last", "suffix"))
    if first is not None and last is not None and last < first:
        return None
    return ByteRange(first, last, suffix)


def _position(digits: str | None) -> int | None:
    if not digits:
        return None
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= _MOST_DIGITS else 10**_MOST_DIGITS


def content_range(start: int, count: int, length: int) -> str:
    """The Content-Range of a 206 (§14.4)."""
    return f"bytes {start}-{start + count - 1}/{length}"


def unsatisfied_range(length: int) -> str:
    """The Content-Range of a 416 (§15.5.17)."""
    return f"bytes */{length}"
