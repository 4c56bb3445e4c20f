"""What answers say about caches on the way, and for how long they may be kept."""

import re
from collections.abc import Iterator

from clearway.probing.answer import Answer

_MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?(\d+)", re.IGNORECASE)
_PRIVATE_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d+)", re.IGNORECASE)
_HIT = re.compile(r"(?<![a-z])(?:refresh)?hit|^(?:stale|updating|revalidated)$", re.IGNORECASE)
_STATUS = ("x-cache", "cf-cache-status", "x-cache-status", "x-proxy-cache", "cdn-cache", "cache-status")
_PASSING = ("via", "cf-ray", "x-served-by", "x-amz-cf-id", "x-varnish", "age", *_STATUS)


def evidence(answer: Answer) -> str:
    """The fields that tell of a cache, as they were sent; empty without any."""
    names = dict.fromkeys((*_STATUS, "age", "via"))
    return "; ".join(f"{name}: {answer.headers[name]}" for name in names if name in answer.headers)


def is_kept(answer: Answer) -> bool:
    """Whether a cache says that it answered by itself (RFC 9111 §5.1, RFC 9211, and what CDNs write)."""
    return age(answer) > 0 or any(_HIT.search(answer.headers.get(name, "")) for name in _STATUS)


def age(answer: Answer) -> int:
    """Seconds that it lies in a cache."""
    said = answer.headers.get("age", "").strip()
    return int(said) if said.isascii() and said.isdigit() else 0


def is_passed_on(answer: Answer) -> bool:
    """Whether something between here and the server says that it passed the answer on."""
    return any(_passing(answer))


def _passing(answer: Answer) -> Iterator[str]:
    return (name for name in _PASSING if name in answer.headers)


def lifetime(answer: Answer, *, shared: bool = False) -> int:
    """Seconds for which it may be kept without asking; by caches that many share, or by a browser."""
    said = answer.headers.get("cache-control", "").lower()
    if "no-store" in said or "no-cache" in said or (shared and "private" in said):
        return 0
    return max((int(found) for found in (_MAX_AGE if shared else _PRIVATE_AGE).findall(said)), default=0)
