"""BMP and ICO: the bitmaps of Windows (Microsoft, "Bitmap Storage" and "Icons")."""

from struct import unpack

from .octets import MalformedError, Octets, Parser, Skip, rest
from .picture import Picture

_HEAD = 26  # octets that show the size, of a PNG as of a bitmap
_MOST = 256  # planes, bits, and in cursors the place that points: more is the size of another format
_DOWNWARD = 0xFF000000  # a height from there on is negative: the rows begin at the top
_PNG = b"\x89PNG\r\n\x1a\n"


def bmp(octets: Octets, picture: Picture) -> Parser:
    """The header; nothing in a bitmap says reliably where it ends."""
    yield Skip(14)
    picture.measure(*_size((yield 12)))
    picture.has_frames(1)
    yield from rest()


def ico(octets: Octets, picture: Picture) -> Parser:
    """The directory, and what each picture of it says of itself."""
    (count,) = unpack("<4xH", (yield 6))
    picture.has_frames(count)
    places = set()
    for _ in range(count):
        wide, high, planes, bits, place = unpack("<BBxxHH4xI", (yield 16))
        if max(planes, bits) > _MOST:
            raise MalformedError("an entry")
        picture.measure(wide or 256, high or 256)
        places.add(place)
    for place in sorted(places):
        if place < octets.position:
            raise MalformedError("an icon inside of another")
        yield Skip(place - octets.position)
        head = yield _HEAD
        if head.startswith(_PNG):
            picture.measure(*unpack(">II", head[16:24]))
        else:
            width, height = _size(head)
            picture.measure(width, height // 2)  # the picture, and as large a mask
    yield from rest()


def _size(header: bytes) -> tuple[int, int]:
    if header[:4] == b"\x0c\0\0\0":
        return unpack("<HH", header[4:8])
    width, height = unpack("<II", header[4:12])
    return width, height if height < _DOWNWARD else (1 << 32) - height
