"""GIF (CompuServe, GIF89a)."""

from struct import unpack

from .octets import Octets, Parser, Skip
from .picture import Picture

_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B


def gif(octets: Octets, picture: Picture) -> Parser:
    """Blocks up to the trailer; a frame may lie outside of the screen, which decoders then enlarge."""
    yield Skip(6)
    width, height, flags = unpack("<HHBxx", (yield 7))
    yield Skip(_colours(flags))
    frames = 0
    while (block := (yield 1)[0]) != _END:
        if block == _EXTENSION:
            yield Skip(1)
            yield from _parts()
        elif block == _IMAGE:
            left, top, wide, high, flags = unpack("<HHHHB", (yield 9))
            frames += 1
            picture.has_frames(frames)
            picture.measure(max(width, left + wide), max(height, top + high))
            yield Skip(_colours(flags) + 1)
            yield from _parts()


def _parts() -> Parser:
    while length := (yield 1)[0]:
        yield Skip(length)


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
