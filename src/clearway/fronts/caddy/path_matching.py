"""The matcher `path`: without case, cleaned, with stars."""

from .request import Request
from .slashes import cleaned, matches
from .url import unescape


def lowered(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns as Caddy keeps them: in lower case up to a lone star, which takes the first place."""
    star = next((place for place, pattern in enumerate(patterns) if pattern == "*" and place), None)
    if star is None:
        return tuple(pattern.lower() for pattern in patterns)
    return ("*", *(pattern.lower() for pattern in patterns[1:star]), *patterns[star:])


def is_path(request: Request, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns is that of the request's path."""
    path = request.url.path.lower().rstrip(". ")
    return any(_matches(request, path, request.all(pattern)) for pattern in patterns)


def _matches(request: Request, path: str, pattern: str) -> bool:
    if pattern == "*":
        return True
    merges = "//" not in pattern
    if "%" in pattern:
        return _matches_escaped(cleaned(request.url.escaped, merges=merges), pattern)
    path = cleaned(path, merges=merges)
    stars = pattern.count("*")
    if stars == 2 and pattern.startswith("*") and pattern.endswith("*"):
        return pattern[1:-1] in path
    if stars == 1 and pattern.startswith("*"):
        return path.endswith(pattern[1:])
    if stars == 1 and pattern.endswith("*"):
        return path.startswith(pattern[:-1])
    return matches(pattern, path)


def _matches_escaped(path: str, pattern: str) -> bool:
    """A pattern with escapes sees those of the path; elsewhere the path is decoded. `%*` is a star over escapes."""
    seen, at, place = "", 0, 0
    while place < len(pattern) and at < len(path):
        character, width = path[at], 1
        if character == "%" and len(path) >= at + 3:
            character, width = unescape(path[at : at + 3]), 3
        mark = pattern[place]
        if mark == "%" and len(pattern) >= place + 3 and pattern[place + 1] != "*":
            seen += path[at : at + 3].lower() if width == 3 else ""
            at, place = at + width, place + 3
            continue
        if mark not in "%*":
            seen, at, place = seen + character, at + width, place + 1
            continue
        is_raw = mark == "%"
        place += is_raw
        start = at + width - 1
        follows = pattern[place + 1 : place + 2]
        end = path.find(follows, start) if follows else len(path)
        if end < 0:
            return False
        rest = path[start:end]
        try:
            seen += rest if is_raw else unescape(rest)
        except ValueError:
            return False
        at, place = max(start, end), place + 1
    return matches(pattern.replace("%*", "*"), seen)
