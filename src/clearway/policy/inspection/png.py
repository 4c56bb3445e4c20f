"""PNG and APNG (W3C, Portable Network Graphics, third edition)."""

import re
from struct import unpack

from .octets import LONGEST, MalformedError, Octets, Parser, Skip
from .picture import TOO_LONG, Picture

_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_KIND = re.compile(rb"[A-Za-z]{4}")
_CRC = 4


def png(octets: Octets, picture: Picture) -> Parser:
    """Chunks up to IEND; frames are counted, and at least as many as acTL says."""
    controls = 0
    yield Skip(8)
    while True:
        length, kind = unpack(">I4s", (yield 8))
        if not _KIND.fullmatch(kind):
            raise MalformedError("a chunk")
        if kind in (b"IHDR", b"fcTL") and length >= 12:
            head = yield 12
            length -= 12
            picture.measure(*unpack(">II", head[:8] if kind == b"IHDR" else head[4:]))
            controls += kind == b"fcTL"
            picture.has_frames(max(controls, 1))
        elif kind == b"acTL" and length >= 4:
            picture.has_frames(*unpack(">I", (yield 4)))
            length -= 4
        elif picture.metadata and (kind == b"eXIf" or kind in _TEXTS):
            place = octets.position - 4
            picture.metadata(kind.decode(), place, kind + ((yield length) if length <= LONGEST else TOO_LONG))
            length = 0 if length <= LONGEST else length
        yield Skip(length + _CRC)
        if kind == b"IEND":
            return
