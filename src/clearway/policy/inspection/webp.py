"""WebP (RFC 9649)."""

from collections.abc import Callable
from struct import unpack

from .octets import LONGEST, MalformedError, Octets, Parser, Skip
from .picture import TOO_LONG, Picture

_ANIMATED = 16  # octets before the chunks of a frame


def webp(octets: Octets, picture: Picture) -> Parser:
    """Chunks up to the end that the file header says."""
    left = unpack("<4xI4x", (yield 12))[0] - 4
    frames = 0
    while left >= 8:
        kind, length = unpack("<4sI", (yield 8))
        padded = length + (length & 1)
        if kind == b"ANMF":
            padded = min(padded, _ANIMATED)  # decoders go by the chunks in it
        left -= 8 + padded
        if kind in _SIZES and length >= _SIZES[kind][0]:
            head = yield _SIZES[kind][0]
            padded -= len(head)
            picture.measure(*_SIZES[kind][1](head))
            frames += kind == b"ANMF"
            picture.has_frames(max(frames, 1))
        elif picture.metadata and kind in (b"EXIF", b"XMP "):
            place = octets.position
            picture.metadata(kind.decode().strip(), place, (yield length) if length <= LONGEST else TOO_LONG)
            padded -= length if length <= LONGEST else 0
        yield Skip(padded)


def _extended(head: bytes) -> tuple[int, int]:
    return _three(head, 4) + 1, _three(head, 7) + 1


def _frame(head: bytes) -> tuple[int, int]:
    left, top, width, height = (_three(head, place) for place in (0, 3, 6, 9))
    return 2 * left + width + 1, 2 * top + height + 1


def _lossy(head: bytes) -> tuple[int, int]:
    if head[3:6] != b"\x9d\x01\x2a":
        raise MalformedError("a frame")
    width, height = unpack("<HH", head[6:])
    return width & 0x3FFF, height & 0x3FFF


def _lossless(head: bytes) -> tuple[int, int]:
    (bits,) = unpack("<xI", head)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _three(head: bytes, place: int) -> int:
    return int.from_bytes(head[place : place + 3], "little")


# chunk: how many of its octets say the size, and how
_SIZES: dict[bytes, tuple[int, Callable[[bytes], tuple[int, int]]]] = {
    b"VP8X": (10, _extended),
    b"VP8 ": (10, _lossy),
    b"VP8L": (5, _lossless),
    b"ANMF": (12, _frame),
}
