"""From a variant back to the bytes that it encodes, to prove that it does."""

import gzip
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Any

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # PyPy
    import brotlicffi as brotli  # type: ignore[import-not-found,import-untyped,unused-ignore]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECODERS: Mapping[str, Callable[[bytes], Any]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


def decoded(coding: str, data: bytes) -> bytes | None:
    """What `data` encodes; None when it is not whole, or of a coding that nobody here knows."""
    try:
        return bytes(DECODERS[coding](data))
    except (KeyError, OSError, EOFError, zlib.error, zstd.ZstdError, brotli.error):
        return None
