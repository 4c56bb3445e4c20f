"""Accept-Encoding as `map` blocks: regular expressions that accept what `clearway.http.negotiation` does.

Stock nginx knows `gzip_static` alone, and no weights; these need no module.
"""

from collections.abc import Iterator

from clearway.http.negotiation import ALIASES, acceptable

from .quoting import quoted, regex

_SPACE = "[ \\t]*"
_WEIGHT = r"(?:1(?:\.0{0,3})?|0\.(?!0*[ \t]*(?:[;,]|$))[0-9]{1,3})"  # qvalue above zero, RFC 9110 §12.4.2
_Q = rf"{_SPACE}[qQ]{_SPACE}"
_OTHER = rf"(?:;(?!{_Q}(?:[=;,]|$))[^;,]*)*"  # one way to read each: no backtracking over long fields
_PARAMETERS = rf"{_SPACE}{_OTHER}(?:;{_Q}={_WEIGHT}{_SPACE}(?:;[^,]*)?)?(?:,|$)"
_COMMON = (
    "gzip, deflate, br, zstd",
    "gzip, deflate, br",
    "gzip, deflate",
    "gzip",
    "br",
    "identity",
    "",
)  # found without an expression
_MEMBER = rf"(?:^|,){_SPACE}"


def rows(coding: str) -> Iterator[tuple[str, bool]]:
    """(regular expression, whether the coding is acceptable), the first that matches decides; else it is not."""
    names = [coding, *(alias for alias, meant in ALIASES.items() if meant == coding)]
    either = names[0] if len(names) == 1 else f"(?:{'|'.join(names)})"
    name = rf"{either}(?=[ \t;,]|$)"
    star = r"\*(?=[ \t;,]|$)"
    yield f"{_MEMBER}{name}(?!{_PARAMETERS})", False
    yield f"{_MEMBER}{name}", True
    yield f"{_MEMBER}{star}(?!{_PARAMETERS})", False
    members = rf"(?:[^,]*,)*{_SPACE}"
    yield rf"^(?={members}{star}){members}(?!{star})[^ \t;,]", True


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
