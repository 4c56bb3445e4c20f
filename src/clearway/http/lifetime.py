"""For how long an answer may be kept without asking again (RFC 9111 §4.2)."""

import re
from collections.abc import Mapping

_OWN = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d+)")
_SHARED = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?(\d+)")
_NEVER = "2037"  # what `expires max` of nginx writes
_YEAR = 31_536_000


def lifetime(headers: Mapping[str, str], *, shared: bool = False) -> int:
    """Seconds, for a browser or for a cache that many share. `headers` are by lower-case name.

    The longest is taken where a directive stands twice; a date in Expires counts only where it means never, and only
    without max-age (§5.3).
    """
    field = headers.get("cache-control", "").lower()
    if "no-store" in field or "no-cache" in field or (shared and "private" in field):
        return 0
    ages = [int(age) for age in (_SHARED if shared else _OWN).findall(field)]
    return max(ages, default=_YEAR if _NEVER in headers.get("expires", "") else 0)
