"""Regular expressions of httpd (PCRE over bytes), shell patterns, and replacement texts with `$1`."""

import fnmatch
import re
from collections.abc import Sequence
from functools import lru_cache

from clearway.fronts.regex import translated
from clearway.fronts.unknowable import Unknowable

# A dollar sign that is an assertion, after what else may hold one.
_DOLLAR = re.compile(r"(\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])|\$", re.DOTALL)
_MULTILINE = re.compile(r"\(\?[a-z]*m")


def search(pattern: str, text: str, caseless: bool = False) -> tuple[str, ...] | None:
    """The groups from 0, an empty text for one that took no part; None where it does not match. Raises Unknowable."""
    found = _compiled(pattern, caseless).search(text.encode("utf-8", "surrogateescape"))
    if not found:
        return None
    return tuple((each or b"").decode("utf-8", "surrogateescape") for each in (found[0], *found.groups()))


@lru_cache(maxsize=4096)
def _compiled(pattern: str, caseless: bool) -> re.Pattern[bytes]:
    try:
        flags = re.DOTALL | (re.IGNORECASE if caseless else 0)
        return re.compile(translated(_to_the_end(pattern)).encode("utf-8", "surrogateescape"), flags)
    except (re.error, OverflowError) as error:
        raise Unknowable(f"The regular expression {pattern} cannot be evaluated here ({error}).") from error


def _to_the_end(pattern: str) -> str:
    """`$` does not match before a line break at the end (AP_REG_DOLLAR_ENDONLY, the default since 2.4.30)."""
    return pattern if _MULTILINE.search(pattern) else _DOLLAR.sub(lambda found: found[1] or r"\z", pattern)


def names(pattern: str) -> tuple[str, ...]:
    """The named groups of a pattern."""
    return tuple(re.findall(r"\(\?P?[<']([A-Za-z_]\w*)[>']", pattern))


def replaced(text: str, groups: Sequence[str]) -> str:
    """`$1` and `&` by what matched (ap_pregsub); a backslash takes their meaning away."""
    out, at = [], 0
    while at < len(text):
        mark, after = text[at], text[at + 1 : at + 2]
        if mark == "\\" and after in ("$", "&", "\\") and after:
            out.append(after)
            at += 2
        elif mark == "$" and after.isdigit():
            out.append(groups[int(after)] if int(after) < len(groups) else "")
            at += 2
        elif mark == "&":
            out.append(groups[0])
            at += 1
        else:
            out.append(mark)
            at += 1
    return "".join(out)


def is_wild(pattern: str) -> bool:
    """Whether a path has wildcards."""
    return any(mark in pattern for mark in "*?[")


def fits(text: str, pattern: str) -> bool:
    """As fnmatch(3) with FNM_PATHNAME: a wildcard does not match a slash."""
    ours, theirs = text.split("/"), pattern.split("/")
    return len(ours) == len(theirs) and all(map(_fits, ours, theirs))


@lru_cache(maxsize=4096)
def _shell(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern.replace("[^", "[!")), re.DOTALL)


def _fits(text: str, pattern: str) -> bool:
    return _shell(pattern).match(text) is not None
