"""Lines of a picture: SVG wraps no text, so their widths are estimated here."""

import re
from functools import lru_cache

_NARROW = frozenset("iljtfrI.,:;'|!()[]/\\ -")
_WIDE = frozenset("mwMW@%—…")
_PIECES = re.compile(r"\s+|/?[^\s/]*/|[^\s/]+")
_MONOSPACED = 0.61


def wrapped(text: str, width: float, size: float, *, mono: bool = False) -> list[str]:
    """Lines no wider than `width`, broken at spaces, after slashes, and inside what is longer than a line."""
    lines = [""]
    for piece in (part for found in _PIECES.findall(text) for part in _fitting(found, width, size, mono)):
        if _width(lines[-1] + piece.rstrip(), size, mono) <= width:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.rstrip() for line in lines if line.strip()]


def _fitting(piece: str, width: float, size: float, mono: bool) -> list[str]:
    pieces, rest = [], piece
    while _width(rest, size, mono) > width:
        length = max(1, next(n for n in range(len(rest), 0, -1) if n == 1 or _width(rest[:n], size, mono) <= width))
        pieces.append(rest[:length])
        rest = rest[length:]
    return [*pieces, rest]


def _width(text: str, size: float, mono: bool) -> float:
    return size * (_MONOSPACED * len(text) if mono else sum(map(_share, text)))


@lru_cache(512)
def _share(character: str) -> float:
    """Of the font's size, a little more than most sans-serif fonts need."""
    if character in _NARROW:
        return 0.34
    if character in _WIDE or ord(character) > 0x2E80:
        return 1.0
    return 0.74 if character.isupper() else 0.62
