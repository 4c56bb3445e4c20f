"""The coding of an answer as a `map` over Accept-Encoding: stock nginx knows `gzip_static` alone, and no weights."""

from clearway.fronts.accept_encoding import rows
from clearway.http.negotiation import acceptable

from .quoting import quoted, regex

_COMMON = (
    "gzip, deflate, br, zstd",
    "gzip, deflate, br",
    "gzip, deflate",
    "gzip",
    "br",
    "identity",
    "",
)  # found without an expression


def map_block(variable: str, coding: str, accepted: str, refused: str) -> list[str]:
    """The `map` that gives `accepted` or `refused`."""
    common = [(f"    {quoted(field)}", accepted if coding in acceptable(field) else refused) for field in _COMMON]
    written = [(f"    {regex('~*' + pattern)}", accepted if good else refused) for pattern, good in rows(coding)]
    return [
        f"map $http_accept_encoding ${variable} {{",
        f"    default {refused};",
        *(f"{pattern} {value};" for pattern, value in [*common, *written]),
        "}",
    ]
