"""What hides in a file of another type: programs for a browser or a server, and archives.

The patterns are long enough not to turn up in what is compressed, and none of them is written by what makes pictures:
links and paragraphs, which captions have, are no programs.
"""

import re
from collections.abc import Iterator

_MARKUP = re.compile(rb"<(?:(?:script|iframe|html)[\s>/]|!doctype\s{1,8}html|\?php\s)", re.IGNORECASE)
_LONGEST = 32
_ARCHIVE = re.compile(rb"PK\x05\x06(?:\0\0\0\0|.{4}(..)\1)|Rar!\x1a\x07[\0\1]|7z\xbc\xaf\x27\x1c\0", re.DOTALL)
_END = b"PK\x05\x06"  # of a ZIP: its record is 22 octets, of which the last two are the length of a comment
_END_LENGTH = 22
_ENDS = 64


class Hidden:
    """Looks at all octets of a file. `markup` and `archive`: whether either was seen, where `all_over` asks for it."""

    def __init__(self, *, all_over: bool) -> None:
        self.markup = self.archive = False
        self._all_over = all_over
        self._kept, self._size = b"", 0
        self._ends: list[int] = []

    def feed(self, data: bytes) -> None:
        """The next octets."""
        text = self._kept + data
        start = self._size - len(self._kept)
        if self._all_over:
            self.markup = self.markup or bool(_MARKUP.search(text))
            self.archive = self.archive or bool(_ARCHIVE.search(text))
        self._ends += [start + end for stop, end in _ends(text) if stop > len(self._kept)]
        del self._ends[:-_ENDS]
        self._kept = text[-_LONGEST + 1 :]
        self._size += len(data)

    @property
    def ends_as_archive(self) -> bool:
        """Whether the octets so far are a ZIP for whoever reads from the end."""
        return self._size in self._ends


def _ends(text: bytes) -> Iterator[tuple[int, int]]:
    """Where each last record of a ZIP stops, and where that ZIP would end, with its comment."""
    place = text.find(_END)
    while 0 <= place <= len(text) - _END_LENGTH:
        stop = place + _END_LENGTH
        yield stop, stop + int.from_bytes(text[stop - 2 : stop], "little")
        place = text.find(_END, place + 1)


def has_markup(head: bytes) -> bool:
    """Whether the first octets of a file hold a program for a browser."""
    return bool(_MARKUP.search(head))
