"""Whether Django answers for a host."""

import re
from collections.abc import Iterable


def is_allowed(host: str, allowed: Iterable[str]) -> bool:
    """As Django compares: without port, `.suffix` for a domain and all below."""
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    name = name.lower().rstrip(".")
    for each in (pattern.lower() for pattern in allowed):
        if each in {"*", name} or (each.startswith(".") and (name.endswith(each) or name == each[1:])):
            return True
    return False
