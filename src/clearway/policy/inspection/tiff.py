"""TIFF (Adobe, TIFF 6.0) and BigTIFF."""

from struct import unpack

from .octets import MalformedError, Octets, Parser, Skip, rest
from .picture import Picture

_WIDTH, _HEIGHT, _LOCATION = 256, 257, 34853
_NUMBERS = {3: "H", 4: "I", 16: "Q"}  # by the type of the field
_LENGTHS = {"H": 2, "I": 4, "Q": 8}


def tiff(octets: Octets, picture: Picture) -> Parser:
    """The directories in the order of the pages, which a file read once must be in."""
    order, big = _order((yield 4))
    place = unpack(f"{order}4xQ", (yield 12))[0] if big else unpack(f"{order}I", (yield 4))[0]
    count, field, link = (8, 20, 8) if big else (2, 12, 4)
    pages = 0
    while place:
        if place < octets.position:
            raise MalformedError("a page before the last one")
        yield Skip(place - octets.position)
        fields = int.from_bytes((yield count), "little" if order == "<" else "big")
        width = height = 0
        for _ in range(fields):
            (tag,) = unpack(f"{order}H", (entry := (yield field))[:2])
            if tag in (_WIDTH, _HEIGHT):
                value = _number(order, entry, link)
                width, height = (max(width, value), height) if tag == _WIDTH else (width, max(height, value))
            elif tag == _LOCATION and picture.metadata:
                picture.metadata("TIFF", octets.position, entry)
        picture.measure(width, height)
        pages += 1
        picture.has_frames(pages)
        place = int.from_bytes((yield link), "little" if order == "<" else "big")
    yield from rest()


def _order(head: bytes) -> tuple[str, bool]:
    order = "<" if head.startswith(b"II") else ">"
    return order, unpack(f"{order}2xH", head)[0] == 43


def _number(order: str, entry: bytes, length: int) -> int:
    """The one number of an entry, which holds it itself. Raises `MalformedError`, since others would look elsewhere."""
    kind, count = unpack(order + ("HQ" if length == 8 else "HI"), entry[2:-length])
    letter = _NUMBERS.get(kind)
    if letter is None or count != 1 or (letter == "Q" and length < 8):
        raise MalformedError("a size")
    return int(unpack(order + letter, entry[-length:][: _LENGTHS[letter]])[0])
