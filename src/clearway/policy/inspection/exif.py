"""Exif without a location: the same octets, of which the directory of the place and its values are zeros.

Exif is a TIFF (CIPA DC-008, 4.5): directories of twelve-octet entries, of which tag 0x8825 leads to that of the place.
"""

from collections.abc import Iterator
from struct import error, pack_into, unpack_from

_LOCATION = 0x8825
_INNER = frozenset({0x8769, 0x014A, 0xA005})  # entries that lead to other directories
_LENGTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MOST = 16  # directories
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


class UncleanError(Exception):
    """Metadata that cannot be read, so that nobody knows whether it has a location."""


def without_location(data: bytes) -> bytes:
    """The octets of Exif, from the byte order on. Raises `UncleanError`."""
    if not data.strip(b"\0"):
        return data
    order = _ORDERS.get(data[:4])
    if order is None:
        raise UncleanError("no byte order")
    exif = _Exif(bytearray(data), order)
    try:
        exif.clean()
    except error as problem:
        raise UncleanError("a directory that leads out of it") from problem
    return bytes(exif.data)


class _Exif:
    def __init__(self, data: bytearray, order: str) -> None:
        self.data, self._order = data, order

    def clean(self) -> None:
        waiting, seen = [self._read("I", 4)], set[int]()
        while waiting:
            place = waiting.pop()
            if len(seen) == _MOST:
                raise UncleanError("too many directories")
            if place and place not in seen:
                seen.add(place)
                waiting += self._directory(place)

    def _directory(self, place: int) -> list[int]:
        """Where this one leads, once its location is gone."""
        inner: list[int] = []
        for entry in list(self._entries(place)):
            tag = self._read("H", entry)
            if tag in _INNER:
                inner += self._pointers(entry)
        for found, entry in enumerate([each for each in self._entries(place) if self._read("H", each) == _LOCATION]):
            if found:
                raise UncleanError("two locations")
            self._erase(self._read("I", entry + 8))
            self._drop(place, entry)
        return [*inner, *self._next(place)]

    def _entries(self, place: int) -> Iterator[int]:
        return iter(range(place + 2, place + 2 + 12 * self._read("H", place), 12))

    def _next(self, place: int) -> list[int]:
        link = place + 2 + 12 * self._read("H", place)
        return [self._read("I", link)] if link + 4 <= len(self.data) else []

    def _pointers(self, entry: int) -> list[int]:
        count = self._read("I", entry + 4)
        if count == 1:
            return [self._read("I", entry + 8)]
        start = self._read("I", entry + 8)
        return [self._read("I", start + 4 * index) for index in range(min(count, _MOST))]

    def _erase(self, place: int) -> None:
        """The directory at a place, and the values it leads to."""
        for entry in self._entries(place):
            kind, count = self._read("H", entry + 2), self._read("I", entry + 4)
            length = _LENGTHS.get(kind, 1) * count
            if length > 4:
                self._zero(self._read("I", entry + 8), length)
        self._zero(place, 2 + 12 * self._read("H", place) + 4)

    def _zero(self, place: int, length: int) -> None:
        end = min(place + length, len(self.data))
        self.data[place:end] = bytes(max(end - place, 0))

    def _drop(self, place: int, entry: int) -> None:
        """Without an entry: what follows in the directory moves up, and its link."""
        count = self._read("H", place)
        end = min(place + 2 + 12 * count + 4, len(self.data))
        self.data[entry:end] = self.data[entry + 12 : end] + bytes(12)
        pack_into(f"{self._order}H", self.data, place, count - 1)

    def _read(self, letter: str, place: int) -> int:
        return int(unpack_from(self._order + letter, self.data, place)[0])
