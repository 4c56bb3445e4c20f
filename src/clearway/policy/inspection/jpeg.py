"""JPEG (ITU-T T.81)."""

import re
from struct import unpack

from .octets import Octets, Parser, Past, Skip
from .picture import Picture

_MARKER = Past(re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]", re.DOTALL), 2)  # what is stuffed and restarts are passed
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START, _END, _LINES, _EXIF = 0xD8, 0xD9, 0xDC, 0xE1


def jpeg(octets: Octets, picture: Picture) -> Parser:
    """Segments up to the end of the image. What cameras write behind it is not its own."""
    yield Skip(2)
    picture.has_frames(1)
    while (marker := (yield _MARKER)[1]) != _END:
        if marker == _START:
            continue
        length = max(unpack(">H", (yield 2))[0] - 2, 0)
        if marker in _FRAMES and length >= 5:
            height, width = unpack(">xHH", (yield 5))
            picture.measure(width, height or 1)
            length -= 5
        elif marker == _LINES and length == 2:
            picture.measure(picture.width, *unpack(">H", (yield 2)))
            length = 0
        elif marker == _EXIF and picture.metadata:
            place = octets.position
            picture.metadata("APP1", place, (yield length))
            length = 0
        yield Skip(length)
