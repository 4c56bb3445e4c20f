"""Where a picture was taken, and the edits that make a file forget it without moving anything else in it.

Exif (CIPA DC-008) and XMP (ISO 16684-1) are edited in place. The edits have the length of what they replace, and
checksums are made again. Of other formats it is only said whether they have a location.
"""

import re
from collections.abc import Callable, Iterator

from . import exif, png_location, xmp
from .exif import UncleanError
from .picture import TOO_LONG

_EXIF = b"Exif\0\0"
_XMP = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_ANYWHERE = re.compile(rb":gps(?:latitude|longitude|position)", re.IGNORECASE)
_POSITION = re.compile(rb"[+-]\d{2,6}\.\d{1,9}[+-]\d{3,7}\.\d{1,9}(?:[+-]\d{1,6}(?:\.\d{1,6})?)?(?:CRS[\w.:-]{1,32})?/")
_LONGEST = 96  # octets of a position (ISO 6709)
_MOST = 8 << 20  # octets of metadata of one file, which are read with care and so slowly
_MOST_EDITS = 10_000
_DIGIT = re.compile(rb"\d")
# formats whose Exif and XMP are edited, and those that hold films, of themselves or behind a picture
_CLEANED = frozenset({"image/avif", "image/heic", "image/heif", "image/jpeg", "image/png", "image/webp"})
_FILMS = frozenset({"image/jpeg", "video/mp4", "video/quicktime", "audio/mp4"})

Edits = Iterator[tuple[int, bytes]]


class Location:
    """Gathers the edits of one file: (place in it, octets)."""

    def __init__(self) -> None:
        self.edits: list[tuple[int, bytes]] = []
        self._type: str | None = None
        self._kept, self._size = b"", 0
        self._unclean = self._there = False
        self._read = 0

    def start(self, media_type: str | None) -> None:
        """What the file is, before its octets."""
        self._type = media_type

    def block(self, kind: str, place: int, data: bytes) -> None:
        """A block of metadata, as the parsers tell it."""
        self._read += len(data)
        if self._read > _MOST:
            self._unclean = True
            return
        try:
            self.edits += [(place + start, edit) for start, edit in _EDITORS[kind](data)]
        except UncleanError:
            self._unclean = True

    def feed(self, data: bytes) -> None:
        """The next octets of the file. The positions of films become zeros."""
        text = self._kept + data
        start = self._size - len(self._kept)
        if self._type in _FILMS:
            for found in _POSITION.finditer(text):
                if found.end() > len(self._kept):
                    self._zeros(start + found.start(), found[0])
        elif str(self._type).startswith("image/"):
            self._there = self._there or bool(_ANYWHERE.search(text))
        self._kept = text[-_LONGEST + 1 :]
        self._size += len(data)

    def _zeros(self, place: int, position: bytes) -> None:
        if len(self.edits) < _MOST_EDITS:
            self.edits.append((place, _DIGIT.sub(b"0", position)))
        else:
            self._unclean = True

    @property
    def kept(self) -> bool:
        """Whether the file has, or may have, a location even after the edits."""
        return self._unclean or (self._there and self._type not in _CLEANED)


def _segment(data: bytes) -> Edits:
    """An APP1 segment of a JPEG, without marker and length."""
    if data.startswith(_EXIF):
        yield from _of_exif(data)
    elif data.startswith(_XMP):
        yield from _of_xmp(data)


def _of_exif(data: bytes) -> Edits:
    start = len(_EXIF) if data.startswith(_EXIF) else 0
    yield from _changed(data, data[:start] + exif.without_location(data[start:]))


def _of_xmp(data: bytes) -> Edits:
    if data == TOO_LONG:
        raise UncleanError("a long block")
    yield from _changed(data, xmp.without_location(data))


def _item(data: bytes) -> Edits:
    """An item of HEIF: how far away the Exif is, and Exif (ISO/IEC 23008-12, A.2.1)."""
    start = 4 + int.from_bytes(data[:4], "big")
    yield from _changed(data, data[:start] + exif.without_location(data[start:]))


def _directory(data: bytes) -> Edits:
    """The entry of a TIFF that leads to a location."""
    raise UncleanError("a directory")


def _changed(data: bytes, clean: bytes) -> Edits:
    if clean != data:
        yield 0, clean


_EDITORS: dict[str, Callable[[bytes], Edits]] = {
    "APP1": _segment,
    "EXIF": _of_exif,
    "HEIF": _item,
    "TIFF": _directory,
    "XMP": _of_xmp,
    **dict.fromkeys(("eXIf", "iTXt", "tEXt", "zTXt"), png_location.edits),
}
