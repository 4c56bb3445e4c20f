"""A picture that forgets where it was taken, and nothing else: Pillow reads what is left."""

import io
import struct
import zlib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from tests.policy.inspection.pictures import FORMATS, picture, saved, segment, with_chunk, with_segment

from clearway.policy.inspection import Inspector
from clearway.policy.inspection.heif_items import extents
from clearway.policy.inspection.octets import MalformedError

GPS, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x0110
PLACE = (IFDRational(48_1234, 10_000), IFDRational(11_5678, 10_000), IFDRational(0, 1))
SECRET = struct.pack(">II", 240_617, 5_000), struct.pack("<II", 240_617, 5_000)  # as a fraction in its lowest terms
CLEANED = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif"}
ADOBE = b"http://ns.adobe.com/xap/1.0/\0"
XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 exif:GPSLatitude="48,12.34N" exif:GPSLongitude='11,56.78E' drone-dji:GpsLatitude="48.1234" tiff:Model="A camera">
<exif:GPSPosition>48 N 11 E</exif:GPSPosition><exif:GPSAltitude rdf:parseType="x"/><dc:title>Kept</dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def exif(*, place: bool = True) -> Image.Exif:
    values = Image.Exif()
    values[ORIENTATION], values[CAMERA] = 6, "A camera"
    if place:
        values.get_ifd(GPS).update({1: "N", 2: PLACE, 3: "E", 4: PLACE, 29: "2026:01:02"})
        values[GPS] = values.get_ifd(GPS)
    return values


def cleaned(named: str, data: bytes, *cuts: int) -> tuple[bytes, frozenset[str]]:
    inspector = Inspector(named, clean=True)
    for start, end in pairwise(sorted({0, *(cut % len(data) for cut in cuts), len(data)})):
        inspector.feed(data[start:end])
    seen = inspector.close().seen
    changed = bytearray(data)
    for place, octets in inspector.edits:
        changed[place : place + len(octets)] = octets
    assert len(changed) == len(data)
    return bytes(changed), seen


def read(data: bytes) -> dict[str, Any]:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        values = image.getexif()
        return {
            "pixels": image.convert("RGB").tobytes(),
            "orientation": values.get(ORIENTATION),
            "camera": values.get(CAMERA),
            "place": dict(values.get_ifd(GPS)),
        }


@pytest.mark.parametrize("form", CLEANED)
@settings(max_examples=40)
@given(cuts=st.lists(st.integers(0, 100_000), max_size=8))
def test_only_the_place_is_gone_at_any_split(form: str, cuts: list[int]) -> None:
    data = saved(form, exif=exif())
    before = read(data)
    assert before["place"] and any(secret in data for secret in SECRET)
    clean, seen = cleaned(CLEANED[form], data, *cuts)
    assert read(clean) == {**before, "place": {}}
    assert seen == frozenset()
    assert not any(secret in clean for secret in SECRET)


@pytest.mark.parametrize("form", CLEANED)
def test_a_picture_without_a_place_stays_as_it_is(form: str) -> None:
    for data in (picture(form), saved(form, exif=exif(place=False))):
        assert cleaned(CLEANED[form], data) == (data, frozenset())


def with_xmp(form: str, xmp: bytes = XMP) -> bytes:
    if form == "JPEG":
        return with_segment(0xE1, ADOBE + xmp)
    if form == "PNG":
        return with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    return saved(form, xmp=xmp)


@pytest.mark.parametrize("form", CLEANED)
def test_the_place_in_xmp_is_gone_and_its_other_properties_stay(form: str) -> None:
    data = with_xmp(form)
    clean, seen = cleaned(CLEANED[form], data)
    assert seen == frozenset()
    assert b"A camera" in clean
    assert b"Kept" in clean
    assert not any(text in clean for text in (b"48,12", b"11,56", b"48.1234", b"48 N", b"GPS", b"Gps"))
    assert read(clean) == read(data)


def test_the_checksums_of_a_png_are_right() -> None:
    data, place = cleaned("image/png", saved("PNG", exif=exif()))[0], 8
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        content = data[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", data, place + 8 + length)[0] == zlib.crc32(kind + content)
        place += 12 + length


def little(values: Image.Exif) -> bytes:
    values.endian = "<"
    return values.tobytes()


@pytest.mark.parametrize("make", [Image.Exif.tobytes, little])
def test_in_both_byte_orders(make: Any) -> None:
    data = with_segment(0xE1, make(exif()))
    clean, seen = cleaned("image/jpeg", data)
    assert (read(clean)["place"], read(clean)["orientation"], seen) == ({}, 6, frozenset())


def test_the_position_in_a_film_behind_a_photo_is_zeros() -> None:
    film = struct.pack(">I", 20) + b"ftypmp42\0\0\0\0isom" + b"\xa9xyz\0\x12\x15\xc7+48.1234+011.5678/" + bytes(40)
    clean, _ = cleaned("image/jpeg", picture("JPEG") + film)
    assert b"+00.0000+000.0000/" in clean
    clean, _ = cleaned("video/mp4", film)
    assert b"48.1234" not in clean


def digits(kind: str, data: bytes) -> bytes:
    return f"\n{kind}\n{len(data):8d}\n{data.hex()}\n".encode()


def profile(data: bytes, *, compressed: bool) -> bytes:
    text = digits("exif", data)
    keyword = b"Raw profile type exif\0"
    if compressed:
        return with_chunk(b"zTXt", keyword + b"\0" + zlib.compress(text))
    return with_chunk(b"tEXt", keyword + text)


BLOB, CLEAN_BLOB = exif().tobytes(), exif(place=False).tobytes()
UNCLEAN = {
    "a TIFF": ("image/tiff", saved("TIFF", exif=exif())),
    "an AVIF whose items are cut off": ("image/avif", saved("AVIF", exif=exif())[:400]),
    "a TIFF with XMP": ("image/tiff", saved("TIFF", tiffinfo={700: XMP})),
    "a GIF with XMP": ("image/gif", picture("GIF")[:-1] + b"\x21\xff\x0bXMP DataXMP\xff" + XMP + b"\0;"),
    "a profile of ImageMagick": ("image/png", profile(BLOB, compressed=False)),
    "a profile that is compressed": ("image/png", profile(BLOB, compressed=True)),
    "XMP that is compressed": (
        "image/png",
        with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP)),
    ),
    "damaged text": ("image/png", with_chunk(b"zTXt", b"Raw profile type exif\0\0broken")),
    "a bomb in a text": (
        "image/png",
        with_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(50_000_000))),
    ),
    "a long Exif": ("image/png", with_chunk(b"eXIf", BLOB[6:] + bytes(1 << 20))),
    "Exif without a byte order": ("image/jpeg", with_segment(0xE1, b"Exif\0\0" + b"XX" + BLOB[8:])),
    "a directory outside": ("image/jpeg", with_segment(0xE1, BLOB[:10] + struct.pack(">I", 60_000) + BLOB[14:])),
    "XMP that goes on": (
        "image/jpeg",
        with_segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + b'exif:GPSLatitude="48'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", UNCLEAN)
def test_what_cannot_be_cleaned_is_said(which: str) -> None:
    named, data = UNCLEAN[which]
    assert "location_kept" in cleaned(named, data)[1]
    assert "location_kept" not in Inspector(named).close().seen


CLEAN = {
    "a TIFF": ("image/tiff", saved("TIFF", exif=exif(place=False))),
    "a profile of ImageMagick": ("image/png", profile(CLEAN_BLOB, compressed=False)),
    "a profile that is compressed": ("image/png", profile(CLEAN_BLOB, compressed=True)),
    "a text": ("image/png", with_chunk(b"tEXt", b"Comment\0GPS is a system")),
    "zeros for Exif": ("image/jpeg", with_segment(0xE1, b"Exif\0\0" + bytes(40))),
    "another segment": ("image/jpeg", with_segment(0xE1, b"QVCI\0 something")),
}


@pytest.mark.parametrize("which", CLEAN)
def test_what_has_no_place_is_not_refused(which: str) -> None:
    named, data = CLEAN[which]
    assert cleaned(named, data) == (data, frozenset())


@settings(max_examples=40)
@given(st.binary(min_size=8, max_size=400), st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
def test_no_exif_breaks_it(data: bytes, head: bytes) -> None:
    for blob in (head + data, b"Exif\0\0" + head + data):
        cleaned("image/jpeg", with_segment(0xE1, b"Exif\0\0" + blob))
        cleaned("image/png", with_chunk(b"eXIf", blob))


@pytest.mark.parametrize("repeated", [b'a:gpsx="', b"<a:gpsx>", b"<a:gpsx ", b"a:gps=", b"a:" * 4])
def test_no_xmp_takes_long(repeated: bytes) -> None:
    """Of a kind that makes a naive pattern look at everything behind each place."""
    text = repeated * (1_000_000 // len(repeated))
    cleaned("image/png", with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + text))


def test_a_film_of_nothing_but_positions_is_refused_and_not_remembered() -> None:
    inspector = Inspector("video/mp4", clean=True)
    inspector.feed(struct.pack(">I", 20) + b"ftypmp42\0\0\0\0isom" + b"+48.1234+011.5678/" * 20_000)
    assert inspector.close().seen == {"location_kept"}
    assert len(inspector.edits) == 10_000


def test_no_table_of_items_takes_long() -> None:
    table = struct.pack(">IBBH", 0, 0, 0, 0xFFFF) + struct.pack(">HHH", 1, 0, 0xFFFF) * 0xFFFF
    with pytest.raises(MalformedError):
        extents(table, {1: "Exif item"})


@pytest.mark.parametrize("count", [0xFFFF, 5000])
def test_no_directory_takes_long(count: int) -> None:
    entries = struct.pack(">HHII", 0x8769, 4, 64, 10) * 5000
    blob = b"MM\0*\0\0\0\x08" + struct.pack(">H", count) + entries
    cleaned("image/jpeg", with_segment(0xE1, b"Exif\0\0" + blob[:65000]))


def test_every_form_is_spoken_of() -> None:
    assert {*CLEANED.values(), "image/tiff", "image/gif"} <= {named for named, _ in FORMATS.values()}
    assert segment(0xE1, b"") == b"\xff\xe1\0\2"
