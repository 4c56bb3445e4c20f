"""Heads of plain requests, as they lie in a socket's buffer. Nothing is taken that could be read in two ways.

A head is plain when it is complete and alone, an HTTP/1.1 GET or HEAD of a path, and has no field about framing,
upgrades or expectations, none twice, and none with an unusual name. Any other goes to the server's own parser
(RFC 9112 §2.2, §3, §5, §6).
"""

import re
from typing import NamedTuple, TypeVar
from urllib.parse import unquote_to_bytes

LONGEST = 4096  # octets of a head: what a browser sends fits, and no server is set to accept less than is taken here
MOST_FIELDS = 40
_KEPT = 256  # field blocks and targets that are remembered; a browser repeats its own for each file of a page

_FIELD = re.compile(rb"([A-Za-z0-9-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*\r\n")
_TARGET = re.compile(rb"/(?:[!$-.0-~][!$->@-~]*)?(?:\?[!$-~]*)?")  # no fragment, and not `//host`
REFUSED = frozenset(
    ("content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect", "http2-settings", "keep-alive")
)
_PERSISTENCE = {"": True, "keep-alive": True, "close": False}

Fields = dict[str, str]
T = TypeVar("T")


class Head(NamedTuple):
    """A plain request. `path` is decoded; `fields` has lower-case names."""

    method: str
    target: str
    path: str
    query: str
    fields: Fields
    keep_alive: bool


class PlainHeads:
    """Reads plain heads, and remembers the parts that come again and again. For one thread.

    The limits are in octets of the target, octets of all fields, and fields.
    """

    def __init__(
        self, longest_target: int = LONGEST, longest_block: int = LONGEST, most_fields: int = MOST_FIELDS
    ) -> None:
        self._longest_target, self._longest_block = longest_target, longest_block
        self._most_fields = most_fields
        self._blocks: dict[bytes, tuple[Fields, bool] | None] = {}
        self._targets: dict[bytes, tuple[str, str, str] | None] = {}

    def read(self, data: bytes) -> Head | None:
        """The head that `data` consists of; None unless it is plain."""
        line, _, block = data.partition(b"\r\n")
        method, _, rest = line.partition(b" ")
        if method != b"GET" and method != b"HEAD":
            return None
        known = self._blocks.get(block, ...)
        about = _remember(self._blocks, block, self._block(block)) if known is ... else known
        known_target = self._targets.get(rest, ...)
        target = _remember(self._targets, rest, self._target(rest)) if known_target is ... else known_target
        if about is None or target is None:
            return None
        return Head(method.decode(), *target, *about)

    def _target(self, rest: bytes) -> tuple[str, str, str] | None:
        """Target, path and query out of what follows the method."""
        target, _, version = rest.partition(b" ")
        if version != b"HTTP/1.1" or len(target) > self._longest_target or not _TARGET.fullmatch(target):
            return None
        path, _, query = target.partition(b"?")
        try:
            return target.decode(), unquote_to_bytes(path).decode(), query.decode()
        except UnicodeDecodeError:  # Django and the wrappers do not make the same of such a path
            return None

    def _block(self, block: bytes) -> tuple[Fields, bool] | None:
        """The fields, and whether the connection is kept, out of everything that follows the request line."""
        if len(block) > self._longest_block or not block.endswith(b"\r\n"):
            return None
        fields: Fields = {}
        place, end = 0, len(block) - 2
        while place < end:
            found = _FIELD.match(block, place, end)
            if not found:
                return None
            name = found[1].decode().lower()
            if name in fields or name in REFUSED or len(fields) >= self._most_fields:
                return None
            fields[name] = found[2].decode("latin-1")
            place = found.end()
        keep_alive = _PERSISTENCE.get(fields.get("connection", "").lower())
        return None if keep_alive is None else (fields, keep_alive)


def _remember(kept: dict[bytes, T], key: bytes, value: T) -> T:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
    return value
