"""The chunks of a PNG that can say where a picture was taken."""

import re
import zlib
from collections.abc import Iterator

from . import exif, xmp
from .exif import UncleanError
from .octets import LONGEST
from .picture import TOO_LONG

_XMP = b"XML:com.adobe.xmp"
_PROFILE = re.compile(rb"Raw profile type (exif|APP1|xmp)")  # as ImageMagick writes them: in hexadecimal digits
_DIGITS = re.compile(rb"\s*\w+\s+\d+\s+([0-9A-Fa-f\s]*)")
_EXIF = b"Exif\0\0"


def edits(chunk: bytes) -> Iterator[tuple[int, bytes]]:
    """(place in the chunk, octets), of a chunk from its type on. Raises `UncleanError`."""
    if chunk.endswith(TOO_LONG):
        raise UncleanError("a long chunk")
    clean = chunk[:4] + (_exif(chunk[4:]) if chunk.startswith(b"eXIf") else _text(chunk[:4], chunk[4:]))
    if clean != chunk:
        yield 0, clean + zlib.crc32(clean).to_bytes(4, "big")


def _exif(data: bytes) -> bytes:
    start = len(_EXIF) if data.startswith(_EXIF) else 0
    return data[:start] + exif.without_location(data[start:])


def _text(kind: bytes, data: bytes) -> bytes:
    keyword, _, after = data.partition(b"\0")
    if keyword == _XMP and kind == b"iTXt" and after[:1] == b"\0":
        return xmp.without_location(data)
    if keyword == _XMP:
        _must_be_clean(b"xmp", _content(kind, after))
    elif profile := _PROFILE.fullmatch(keyword):
        _must_be_clean(profile[1], _from_digits(_content(kind, after)))
    return data


def _must_be_clean(kind: bytes, data: bytes) -> None:
    """What is written in another form is not edited: it must have no location."""
    clean = xmp.without_location(data) if kind == b"xmp" or b"http://ns.adobe.com/" in data[:32] else _exif(data)
    if clean != data:
        raise UncleanError("a profile in another form")


def _content(kind: bytes, after: bytes) -> bytes:
    """What follows the keyword of a text, without compression."""
    compressed = kind == b"zTXt"
    if kind == b"iTXt":
        compressed, after = after[:1] == b"\1", after[2:].split(b"\0", 2)[-1]
    elif kind == b"zTXt":
        after = after[1:]
    return _inflated(after) if compressed else after


def _inflated(data: bytes) -> bytes:
    decoder = zlib.decompressobj()
    try:
        text = decoder.decompress(data, LONGEST)
    except zlib.error as problem:
        raise UncleanError("a damaged text") from problem
    if not decoder.eof:
        raise UncleanError("a long text")
    return text


def _from_digits(text: bytes) -> bytes:
    found = _DIGITS.fullmatch(text)
    try:
        return bytes.fromhex(found[1].decode()) if found else b""
    except ValueError as problem:
        raise UncleanError("a damaged profile") from problem
