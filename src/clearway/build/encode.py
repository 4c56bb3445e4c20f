"""Encodings: the same octets for the same input on every run (given equal versions of the encoders)."""

import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from clearway.http.media_types import is_compressible, media_type

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


def is_worth_trying(name: str, skip: tuple[str, ...]) -> bool:
    """Whether a logical name is of a compressible type and matches none of the globs in `skip`."""
    return is_compressible(media_type(name)) and not any(fnmatchcase(name, glob) for glob in skip)
