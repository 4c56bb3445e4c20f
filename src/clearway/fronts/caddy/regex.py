"""A regular expression of Go (RE2) as one of Python, or the honest answer that it has none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from clearway.fronts.unknowable import Unknowable

_PIECE = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)|\\(?P<escape>[pP](?:\{[^}]*\}|.)|x\{[0-9A-Fa-f]+\}|.)"
    r"|(?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])|\(\?(?P<flags>[imsU-]+)(?P<colon>[:)])|(?P<other>.)",
    re.DOTALL,
)
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "word": r"\w",
    "blank": r" \t", "space": r"\s", "xdigit": "0-9A-Fa-f", "cntrl": r"\x00-\x1f\x7f", "graph": "!-~", "print": " -~",
    "punct": r"!-/:-@\[-`{-~", "ascii": r"\x00-\x7f",
}  # fmt: skip
_TEMPLATE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)


@dataclass(frozen=True)
class Match:
    """The groups, the whole first, and the named ones; a group that took no part is empty."""

    groups: tuple[str, ...]
    named: Mapping[str, str]


def search(pattern: str, text: str) -> Match | None:
    """The leftmost match. Raises Unknowable for what Python cannot say."""
    found = _compiled(pattern).search(text)
    if found is None:
        return None
    groups = (found[0], *found.groups(""))
    return Match(groups, found.groupdict(""))


def replaced(pattern: str, text: str, template: str) -> str:
    """All matches replaced; `$1`, `${1}` and `$name` are groups (Go's ReplaceAllString)."""
    return _compiled(pattern).sub(lambda found: expanded(template, _match(found)), text)


def expanded(template: str, match: Match) -> str:
    """A template with its groups put in."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if not name:
            return "$"
        if name.isdecimal():
            return match.groups[int(name)] if int(name) < len(match.groups) else ""
        return match.named.get(name, "")

    return _TEMPLATE.sub(value, template)


def _match(found: re.Match[str]) -> Match:
    return Match((found[0], *found.groups("")), found.groupdict(""))


@lru_cache(1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(_translated(pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise Unknowable(f"The regular expression {pattern} is not one that can be followed here.") from None


def _translated(pattern: str) -> str:
    out, closing = "", ""
    is_multiline = False
    for found in _PIECE.finditer(pattern):
        if found["quoted"] is not None:
            out += re.escape(found["quoted"])
        elif found["escape"]:
            out += _escaped(found["escape"], pattern)
        elif found["class"]:
            out += re.sub(r"\[:(\^?)(\w+):\]", lambda posix: _posix(posix, pattern), found["class"])
        elif found["flags"]:
            # in the middle of a pattern they hold to the end of the group, over alternatives: Python has no such thing
            if "U" in found["flags"] or (found["colon"] == ")" and found.start()):
                raise Unknowable(f"The regular expression {pattern} is not one that can be followed here.")
            is_multiline = is_multiline or "m" in found["flags"].partition("-")[0]
            out += f"(?{found['flags']}:"
            closing += ")" if found["colon"] == ")" else ""
        else:
            out += r"\Z" if found["other"] == "$" and not is_multiline else found["other"]
    return out + closing


def _escaped(escape: str, pattern: str) -> str:
    if escape[0] in "pPCX":
        raise Unknowable(f"The regular expression {pattern} is not one that can be followed here.")
    if escape.startswith("x{"):
        return re.escape(chr(int(escape[2:-1], 16)))
    return {"z": r"\Z"}.get(escape, f"\\{escape}")


def _posix(found: re.Match[str], pattern: str) -> str:
    if found[1] or found[2] not in _POSIX:
        raise Unknowable(f"The regular expression {pattern} is not one that can be followed here.")
    return _POSIX[found[2]]
