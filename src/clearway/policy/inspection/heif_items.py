"""Which octets of an AVIF or HEIF are Exif and XMP (ISO/IEC 14496-12, 8.11: the boxes `iinf` and `iloc`)."""

from dataclasses import dataclass

from .octets import MalformedError

EXIF, XMP = "Exif item", "XMP item"
_XMP_TYPE = b"application/rdf+xml\0"


@dataclass(frozen=True, order=True)
class Extent:
    """Where an item lies in the file; a length of None where that is not said in one place."""

    place: int
    length: int | None
    kind: str


def metadata_items(box: bytes) -> dict[int, str]:
    """From the content of `iinf`: the kind of each item of metadata by its id. Raises `MalformedError`."""
    found: dict[int, str] = {}
    place = 8 if box[:1] > b"\0" else 6
    while place + 8 <= len(box):
        length = int.from_bytes(box[place : place + 4], "big")
        entry = box[place + 8 : place + length]
        if length < 8:
            raise MalformedError("an item")
        wide = entry[:1] > b"\2"
        id_, type_ = _number(entry, 4, 4 if wide else 2), entry[10 if wide else 8 :]
        if type_.startswith(b"Exif"):
            found[id_] = EXIF
        elif type_.startswith(b"mime") and _XMP_TYPE in type_:
            found[id_] = XMP
        place += length
    return found


def extents(box: bytes, kinds: dict[int, str]) -> list[Extent]:
    """From the content of `iloc`: where these items lie. Raises `MalformedError`."""
    reader = _Reader(box)
    version = reader.number(4) >> 24
    offset, length = divmod(reader.number(1), 16)
    base, index = divmod(reader.number(1), 16)
    found = []
    for _ in range(reader.number(4 if version == 2 else 2)):
        id_ = reader.number(4 if version == 2 else 2)
        elsewhere = reader.number(2) & 15 if version else 0
        elsewhere |= reader.number(2)
        start, count = reader.number(base), reader.number(2)
        part = (index if version else 0, offset, length)
        if count > 1 and not any(part):
            raise MalformedError("parts without octets")
        parts = [[reader.number(size) for size in part] for _ in range(count)]
        if id_ in kinds:
            whole = count == 1 and not elsewhere and parts[0][2]
            found.append(Extent(start + parts[0][1] if parts else 0, whole or None, kinds[id_]))
    return sorted(found, key=lambda each: each.place)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def number(self, length: int) -> int:
        value = _number(self._data, self._place, length)
        self._place += length
        return value


def _number(data: bytes, place: int, length: int) -> int:
    if place + length > len(data):
        raise MalformedError("a number")
    return int.from_bytes(data[place : place + length], "big")
