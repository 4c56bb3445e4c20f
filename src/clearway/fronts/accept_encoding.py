"""Accept-Encoding as regular expressions that accept what `clearway.http.negotiation` does: these need no module."""

from collections.abc import Iterator

from clearway.http.negotiation import ALIASES

_SPACE = "[ \\t]*"
_WEIGHT = r"(?:1(?:\.0{0,3})?|0\.(?!0*[ \t]*(?:[;,]|$))[0-9]{1,3})"  # qvalue above zero, RFC 9110 §12.4.2
_Q = rf"{_SPACE}[qQ]{_SPACE}"
_OTHER = rf"(?:;(?!{_Q}(?:[=;,]|$))[^;,]*)*"  # one way to read each: no backtracking over long fields
_PARAMETERS = rf"{_SPACE}{_OTHER}(?:;{_Q}={_WEIGHT}{_SPACE}(?:;[^,]*)?)?(?:,|$)"
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
