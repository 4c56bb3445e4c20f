"""Which hosts of a request nginx takes (ngx_http_validate_host)."""

import re
from collections.abc import Callable

from clearway.fronts.nginx.versions import NO_SPACES_IN_HOST, STRICT_HOST, Change

_CONTROL = re.compile(r"[\x01-\x20\x7f]")
# RFC 3986 §3.2.2.
_STRICT = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Za-z:._~!$&'()*+,;=-]+\]")


def is_valid(host: str, does: Callable[[Change], bool]) -> bool:
    """Of a host without port; `does` says which changes the version has. Raises what it raises."""
    bare = host.removesuffix(".")
    if not bare or ".." in host or "/" in host or "\0" in host:
        return False
    if _CONTROL.search(host):
        return not does(NO_SPACES_IN_HOST)
    return bool(_STRICT.fullmatch(host)) or not does(STRICT_HOST)
