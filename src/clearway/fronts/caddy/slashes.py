"""Paths as Go's packages path and filepath have them: cleaned, joined, matched."""

import re
from functools import lru_cache

_MARK = "\ue0ff"  # stands between two slashes that are to stay
_NOTHING = "\ue0fe"


def clean(path: str) -> str:
    """Without repeated slashes, `.` and `..`; `.` for nothing (Go's path.Clean)."""
    is_rooted = path.startswith("/")
    out: list[str] = []
    for part in path.split("/"):
        if part in {"", "."}:
            continue
        if part != "..":
            out.append(part)
        elif out and out[-1] != "..":
            out.pop()
        elif not is_rooted:
            out.append(part)
    joined = "/".join(out)
    return f"/{joined}" if is_rooted else joined or "."


def cleaned(path: str, *, merges: bool = True) -> str:
    """Clean, with its slash at the end; repeated slashes stay unless they are merged."""
    if not merges:
        return _with_slash(re.sub("(?<=/)(?=/)", _MARK, path)).replace(_MARK, "")
    return _with_slash(path)


def _with_slash(path: str) -> str:
    short = clean(path)
    return f"{short}/" if short != "/" and path.endswith("/") else short


def join(root: str, path: str) -> str:
    """A path of a request below a directory, which it never leaves; a slash at its end stays."""
    below = clean("/" + path)
    whole = clean((root or ".") + "/" + below)
    return f"{whole}/" if path.endswith("/") and len(path) > 1 else whole


def base(path: str) -> str:
    """The last element (Go's path.Base)."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def extension(path: str) -> str:
    """From the last dot of the last element on; empty without one."""
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name else ""


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern of `*`, `?` and classes, none of which is a slash, is all of a name (Go's path.Match)."""
    compiled = _compiled(pattern)
    return compiled is not None and compiled.fullmatch(name) is not None


@lru_cache(1024)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for a pattern that Go finds malformed, which then matches nothing."""
    out, at = "", 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            out += "[^/]*"
        elif character == "?":
            out += "[^/]"
        elif character == "[":
            piece, at = _class(pattern, at)
            if not piece:
                return None
            out += piece
        else:
            if character == "\\":
                if at >= len(pattern):
                    return None
                character = pattern[at]
                at += 1
            out += re.escape(character)
    return re.compile(out, re.DOTALL)


def _class(pattern: str, at: int) -> tuple[str, int]:
    """A class from behind its bracket, and where it ends; empty where it is malformed."""
    negated = pattern[at : at + 1] == "^"
    at += negated
    ranges = ""
    while pattern[at : at + 1] != "]" or not ranges:
        low, at = _character(pattern, at)
        high = low
        if low and pattern[at : at + 1] == "-":
            high, at = _character(pattern, at + 1)
        if not (low and high):
            return "", at
        # a range that runs back holds nothing
        ranges += f"{re.escape(low)}-{re.escape(high)}" if low <= high else _NOTHING
    return f"(?!/)[{'^' if negated else ''}{ranges}]", at + 1


def _character(pattern: str, at: int) -> tuple[str, int]:
    """A character of a class; empty where there is none."""
    if at >= len(pattern) or pattern[at] in "-]":
        return "", at
    if pattern[at] == "\\":
        at += 1
    return pattern[at : at + 1], at + 1
