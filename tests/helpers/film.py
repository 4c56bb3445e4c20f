"""A film made here: WebM (RFC 8794, RFC 9559) around VP8 key frames, which a lossy WebP picture holds."""

import struct
from io import BytesIO

from PIL import Image

SIZE = (320, 240)
FRAMES_PER_SECOND = 5


def film(seconds: int) -> bytes:
    """Noise, some 20 KB a frame, with an index by which a player seeks to any second."""
    clusters = [_cluster(second, [_frame() for _ in range(FRAMES_PER_SECOND)]) for second in range(seconds)]
    about = _element("1549A966", _number("2AD7B1", 1_000_000), _element("4489", struct.pack(">d", seconds * 1000)))
    picture = _element("E0", _number("B0", SIZE[0]), _number("BA", SIZE[1]))
    track = _element("AE", _number("D7", 1), _number("73C5", 1), _number("83", 1), _element("86", b"V_VP8"), picture)
    before = about + _element("1654AE6B", track)
    at = len(before) + len(_index([0] * seconds))
    places = [at + sum(map(len, clusters[:number])) for number in range(seconds)]
    head = _element("1A45DFA3", _element("4282", b"webm"), _number("4287", 2), _number("4285", 2))
    return head + _element("18538067", before, _index(places), *clusters)


def _frame() -> bytes:
    Image.effect_noise(SIZE, 60).convert("RGB").save(written := BytesIO(), "WEBP", quality=60)
    riff = written.getvalue()
    start = riff.index(b"VP8 ")
    return riff[start + 8 : start + 8 + int.from_bytes(riff[start + 4 : start + 8], "little")]


def _cluster(second: int, frames: list[bytes]) -> bytes:
    step = 1000 // FRAMES_PER_SECOND
    blocks = (_element("A3", struct.pack(">BhB", 0x81, at * step, 0x80), data) for at, data in enumerate(frames))
    return _element("1F43B675", _number("E7", second * 1000), *blocks)


def _index(places: list[int]) -> bytes:
    points = (
        _element("BB", _number("B3", second * 1000), _element("B7", _number("F7", 1), _number("F1", place)))
        for second, place in enumerate(places)
    )
    return _element("1C53BB6B", *points)


def _number(name: str, value: int) -> bytes:
    return _element(name, value.to_bytes(8))


def _element(name: str, *content: bytes) -> bytes:
    data = b"".join(content)
    return bytes.fromhex(name) + ((1 << 56) | len(data)).to_bytes(8) + data
