"""Pictures made by Pillow, and what the tests put into them."""

import io
import struct
import zipfile
from functools import cache
from zlib import crc32

from PIL import Image

# format of Pillow: (media type, most frames that it writes here)
FORMATS = {
    "PNG": ("image/png", 3),
    "JPEG": ("image/jpeg", 1),
    "GIF": ("image/gif", 4),
    "WEBP": ("image/webp", 3),
    "BMP": ("image/bmp", 1),
    "TIFF": ("image/tiff", 3),
    "ICO": ("image/vnd.microsoft.icon", 1),
    "AVIF": ("image/avif", 3),
}


@cache
def picture(form: str, frames: int = 1, size: tuple[int, int] = (37, 21)) -> bytes:
    images = [Image.linear_gradient("L").rotate(90 * index).resize(size).convert("RGB") for index in range(frames)]
    file = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    images[0].save(file, form, **more)
    return file.getvalue()


def saved(form: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((37, 21)).convert("RGB").save(file, form, **options)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))


def png(width: int, height: int, *more: bytes, frames: int = 0) -> bytes:
    """Whose head says a size that nothing in it has."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    animation = chunk(b"acTL", struct.pack(">II", frames, 0)) if frames else b""
    return b"\x89PNG\r\n\x1a\n" + head + animation + b"".join(more) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def gif(frames: int, left: int = 0, top: int = 0) -> bytes:
    """Frames of one pixel, each at a place."""
    frame = b"\x2c" + struct.pack("<HHHHB", left, top, 1, 1, 0) + b"\x02\x02D\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * frames + b";"


def segment(marker: int, data: bytes) -> bytes:
    """Of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def with_segment(marker: int, data: bytes, jpeg: bytes | None = None) -> bytes:
    jpeg = jpeg or picture("JPEG")
    return jpeg[:2] + segment(marker, data) + jpeg[2:]


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk, behind its head."""
    whole = picture("PNG")
    return whole[:33] + chunk(kind, data) + whole[33:]


def zip_of(*names: str, comment: bytes = b"", stored: dict[str, bytes] | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (stored or {}).items():
            archive.writestr(name, data, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, f"content of {name} " * 20)
        archive.comment = comment
    return file.getvalue()
