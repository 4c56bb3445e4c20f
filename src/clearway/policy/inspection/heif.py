"""AVIF and HEIF (ISO/IEC 14496-12, 23008-12): boxes within boxes."""

from struct import unpack

from .heif_items import EXIF, Extent, extents, metadata_items
from .octets import LONGEST, MalformedError, Octets, Parser, Skip, TruncatedError, rest
from .picture import TOO_LONG, Picture

# box: octets before the boxes in it
_HOLDERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0}
_DEEPEST = 8
_REST = 1 << 62


def heif(octets: Octets, picture: Picture) -> Parser:
    """Every `ispe` of a picture, and every track of a sequence; a grid says its own size beside that of its tiles."""
    return _Boxes(octets, picture).parse()


class _Boxes:
    def __init__(self, octets: Octets, picture: Picture) -> None:
        self._octets, self._picture = octets, picture
        self._kinds: dict[int, str] = {}
        self._places = b""
        self._wanted: list[Extent] = []

    def parse(self) -> Parser:
        self._picture.has_frames(1)
        while True:
            try:
                head = yield 8
            except TruncatedError:
                self._missing(_REST)
                return  # where a box would begin, the file may end
            yield from self._box(head, _REST, 0)

    def _box(self, head: bytes, end: int, depth: int) -> Parser:
        start = self._octets.position - 8
        length, kind = unpack(">I4s", head)
        if length == 1:
            (length,) = unpack(">Q", (yield 8))
        stop = start + length if length else end
        if not self._octets.position <= stop <= end:
            raise MalformedError("a box")
        if kind in _HOLDERS and depth < _DEEPEST:
            yield Skip(_HOLDERS[kind])
            while self._octets.position + 8 <= stop:
                yield from self._box((yield 8), stop, depth + 1)
            self._locate(kind)
        elif kind == b"mdat" and self._picture.metadata:
            yield from self._items(stop)
        else:
            yield from self._told(kind, stop)
        yield from rest() if stop == _REST else _skip(stop - self._octets.position)

    def _told(self, kind: bytes, stop: int) -> Parser:
        left = stop - self._octets.position
        if kind == b"ispe" and left >= 12:
            self._picture.measure(*unpack(">4xII", (yield 12)))
        elif kind == b"stsz" and left >= 12:
            self._picture.has_frames(*unpack(">8xI", (yield 12)))
        elif kind == b"tkhd" and left >= 84:
            yield Skip(left - 8)
            width, height = unpack(">II", (yield 8))
            self._picture.measure(width >> 16, height >> 16)
        elif kind == b"iinf" and self._picture.metadata and left <= LONGEST:
            self._kinds = metadata_items((yield left))
        elif kind == b"iloc" and self._picture.metadata and left <= LONGEST:
            self._places = yield left

    def _locate(self, kind: bytes) -> None:
        """At the end of `meta`, when both of its tables are known."""
        if kind == b"meta" and self._kinds:
            self._wanted = extents(self._places, self._kinds)
            if len(self._wanted) < len(self._kinds):
                self._unread()

    def _items(self, stop: int) -> Parser:
        """The items of metadata that lie in a box of data."""
        while self._wanted and self._wanted[0].place < stop:
            item = self._wanted.pop(0)
            ahead = item.place - self._octets.position
            if item.length is None or item.length > LONGEST or ahead < 0 or item.place + item.length > stop:
                self._unread()
                continue
            yield Skip(ahead)
            data = yield item.length
            if self._picture.metadata:
                kind = "HEIF" if item.kind == EXIF else "XMP"
                self._picture.metadata(kind, item.place, data)

    def _missing(self, stop: int) -> None:
        if any(item.place < stop for item in self._wanted):
            self._unread()

    def _unread(self) -> None:
        if self._picture.metadata:
            self._picture.metadata("XMP", 0, TOO_LONG)


def _skip(length: int) -> Parser:
    yield Skip(length)
