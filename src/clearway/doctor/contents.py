"""Whether a file and its encoded variant say the same."""

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

_PIECE = 1 << 18
LARGEST = 1 << 26  # octets of a plain file, which is held in memory


def decodes_to(coding: str, encoded: Path, plain: Path) -> bool:
    """Whether a variant decodes to a file of at most `LARGEST` octets. Raises `OSError`, `DecodingError`."""
    expected = plain.read_bytes()
    data = encoded.read_bytes()
    if coding == "gzip" and _has_trailer_of(expected, data):
        return True
    place = 0
    try:
        for piece in _DECODERS[coding](data):
            if expected[place : place + len(piece)] != piece:
                return False
            place += len(piece)
    except (EOFError, zlib.error) as error:
        raise DecodingError(str(error)) from error
    return place == len(expected)


def decoded(coding: str, data: bytes) -> bytes | None:
    """What octets encode; None where they are damaged, of a coding that nobody here knows, or too many decoded."""
    content = bytearray()
    try:
        for piece in _DECODERS[coding](data):
            content += piece
            if len(content) > LARGEST:
                return None
    except (KeyError, EOFError, zlib.error, DecodingError):
        return None
    return bytes(content)


class DecodingError(Exception):
    """A variant that is damaged."""


def _has_trailer_of(expected: bytes, data: bytes) -> bool:
    """Checksum and length of what was encoded are the last octets (RFC 1952 §2.3.1)."""
    if data[:3] != b"\x1f\x8b\x08" or len(data) < 18:
        return False
    check = zlib.crc32(expected).to_bytes(4, "little") + (len(expected) & 0xFFFFFFFF).to_bytes(4, "little")
    return data[-8:] == check


def _gunzipped(data: bytes) -> Iterator[bytes]:
    while data:  # members may follow each other
        decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        yield decoder.decompress(data, _PIECE)
        while not decoder.eof and decoder.unconsumed_tail:
            yield decoder.decompress(decoder.unconsumed_tail, _PIECE)
        if not decoder.eof:
            raise EOFError("it is cut off")
        data = decoder.unused_data


# These decoders are imported where they are used: the pages of the checks are read where neither is installed.


def _unbrotlied(data: bytes) -> Iterator[bytes]:
    try:
        import brotli  # type: ignore[import-untyped]
    except ImportError:  # PyPy
        import brotlicffi as brotli  # type: ignore[import-not-found,import-untyped,unused-ignore]

    decoder: Any = brotli.Decompressor()
    try:
        for start in range(0, len(data), _PIECE):
            yield decoder.process(data[start : start + _PIECE])
    except brotli.error as error:
        raise DecodingError(str(error)) from error
    if not decoder.is_finished():
        raise EOFError("it is cut off")


def _unzstd(data: bytes) -> Iterator[bytes]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    decoder = zstd.ZstdDecompressor()
    try:
        yield decoder.decompress(data, _PIECE)
        while not decoder.eof and not decoder.needs_input:
            yield decoder.decompress(b"", _PIECE)
    except zstd.ZstdError as error:
        raise DecodingError(str(error)) from error
    if not decoder.eof:
        raise EOFError("it is cut off")


_DECODERS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzipped,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
