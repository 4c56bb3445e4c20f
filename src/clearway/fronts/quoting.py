"""Text where a front's configuration has a regular expression, or the path of a URL."""

import re
from urllib.parse import quote

_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")


def literal(text: str) -> str:
    """Text that stands for itself in an expression of PCRE or of Go, which refuses much that `re.escape` writes."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def as_sent(path: str) -> str:
    """A path as browsers send it."""
    return quote(path, safe="/~!$&'()*+,;=:@")
