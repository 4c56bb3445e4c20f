"""What answers say about caches on the way."""

import re
from collections.abc import Iterator

from clearway.probing.answer import Answer

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
