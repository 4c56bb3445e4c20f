"""Encodings: the same octets for the same input on every run (given equal versions of the encoders)."""

import json
import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import cache

from clearway.catalog.asset import Variant
from clearway.http.media_types import is_compressible

from .cache import Cache
from .memory import Memory, key

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # PyPy
    import brotlicffi as brotli  # type: ignore[import-not-found,import-untyped,unused-ignore]

PAYS = 0.95  # a variant is kept when it has at most this share of the octets of the original
_BROWSERS_WINDOW = 23  # log2 of the largest window of Zstandard in HTTP (RFC 9659 §3)
_HEADER = struct.pack("<BBBBLBB", 0x1F, 0x8B, 8, 0, 0, 2, 255)  # no time, no name, no system (RFC 1952 §2.3)
_VARIANT = struct.Struct("<Q32s")
_NO_VARIANT = _VARIANT.pack(0, bytes(32))
_is_compressible = cache(is_compressible)  # a build has many files and few types


def _gzip(data: bytes, level: int) -> bytes:
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    return _HEADER + body + struct.pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def _brotli(data: bytes, level: int) -> bytes:
    encoded: bytes = brotli.compress(data, quality=level)
    return encoded


def _zstd(data: bytes, level: int) -> bytes:
    parameter = zstd.CompressionParameter
    options: dict[int, int] = {parameter.compression_level: level}
    if level >= 20:  # the first level whose own window would be larger
        options[parameter.window_log] = _BROWSERS_WINDOW
    encoded: bytes = zstd.compress(data, options=options)
    return encoded


ENCODERS: Mapping[str, Callable[[bytes, int], bytes]] = {"gzip": _gzip, "br": _brotli, "zstd": _zstd}
VERSIONS: Mapping[str, str] = {
    "gzip": zlib.ZLIB_RUNTIME_VERSION,
    "br": brotli.__version__,
    "zstd": zstd.zstd_version,
}


def encoded(coding: str, data: bytes, level: int) -> bytes | None:
    """`data` in a content coding; None when the variant would not pay."""
    result = ENCODERS[coding](data, level)
    return result if len(result) <= len(data) * PAYS else None


def is_worth_trying(name: str, type_: str, skip: tuple[str, ...]) -> bool:
    """Whether a file of some media type is worth encoding: its logical name matches none of the globs in `skip`."""
    return _is_compressible(type_) and not (skip and any(fnmatchcase(name, glob) for glob in skip))


class Encoders:
    """The encoders of one recipe, with a cache of what they made and a memory of what came out."""

    def __init__(self, levels: Mapping[str, int], cache: Cache, memory: Memory) -> None:
        self._levels, self._cache, self._memory = levels, cache, memory
        self._codings = sorted(levels)
        self._made_by = json.dumps([(coding, levels[coding], VERSIONS[coding], PAYS) for coding in self._codings])

    def encoded(self, coding: str, content: str, read: Callable[[], bytes]) -> bytes | None:
        """What `read` gives, in a content coding; `content` is its SHA-256. None when the variant would not pay."""
        level = self._levels[coding]
        entry = f"encoded {coding} {level} {VERSIONS[coding]} {PAYS} {content}"
        kept = self._cache.get(entry)
        if kept is None:
            kept = encoded(coding, read(), level) or b""
            self._cache.put(entry, kept)
        return kept or None

    def recall(self, content: str) -> dict[str, Variant] | None:
        """The variants that are remembered of some content; None when nothing is."""
        row = self._memory.get(self._key(content))
        if row is None:
            return None
        rows = zip(self._codings, _VARIANT.iter_unpack(row), strict=True)
        return {coding: Variant(size, digest.hex()) for coding, (size, digest) in rows if size}

    def remember(self, content: str, variants: Mapping[str, Variant]) -> None:
        """Remember all variants of some content, those that do not pay included."""
        kept = (variants.get(coding) for coding in self._codings)
        rows = (_VARIANT.pack(each.size, bytes.fromhex(each.sha256)) if each else _NO_VARIANT for each in kept)
        self._memory.put(self._key(content), b"".join(rows))

    def _key(self, content: str) -> bytes:
        return key(b"variants", self._made_by.encode(), content.encode())
