"""What is refused by default, and what must not be: real files are odd."""

import gzip
import io
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.policy.inspection.pictures import (
    FORMATS,
    chunk,
    gif,
    picture,
    png,
    saved,
    segment,
    with_chunk,
    with_segment,
    zip_of,
)
from tests.policy.inspection.test_sizes import avif, bmp, ico, tiff

from clearway.policy.inspection import Inspector
from clearway.policy.inspection.verdict import Finding, findings
from clearway.policy.limits import Limits

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "application/vnd.oasis.opendocument.text"
EPUB = "application/epub+zip"
JPEG, PNG, GIF, WEBP = (picture(form) for form in ("JPEG", "PNG", "GIF", "WEBP"))
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SCRIPT = b"<script>alert(document.domain)</script>"
XMP = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="">'
    b"<dc:description>&lt;script&gt; in a title, a <b>bold</b> word</dc:description>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
)
ADOBE = b"http://ns.adobe.com/xap/1.0/\0"
LINKS = b'Photo: <a href="https://example.com/">Somebody</a><br><p>All rights reserved.</p>'
DOCUMENT = zip_of("[Content_Types].xml", "_rels/.rels", "word/document.xml")
ODT = zip_of("META-INF/manifest.xml", "content.xml", stored={"mimetype": TEXT.encode()})
BOOK = zip_of("META-INF/container.xml", "a.xhtml", stored={"mimetype": EPUB.encode()})
JAR = zip_of("META-INF/MANIFEST.MF", "Main.class")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
FILM = struct.pack(">I", 24) + b"ftypmp42\0\0\0\0isommp42" + bytes(4000)


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def covering_zip() -> bytes:
    """A PNG with a ZIP in a chunk, whose comment is the rest of the PNG."""
    archive = bytearray(zip_of("a.txt"))
    rest = chunk(b"IEND", b"")
    archive[-2:] = struct.pack("<H", len(rest) + 4)
    return png(1, 1)[:33] + chunk(b"IDAT", b"x") + chunk(b"prIv", bytes(archive)) + rest


def judged(named: str, data: bytes, limits: Limits | None = None, pieces: int = 1 << 16) -> tuple[Finding, ...]:
    inspector = Inspector(named)
    for place in range(0, len(data), pieces):
        inspector.feed(data[place : place + pieces])
    return findings(inspector.close(), limits or Limits())


REFUSED = [
    ("too_many_pixels", "image/png", png(60000, 60000)),
    ("too_many_pixels", "image/bmp", bmp(60000, 60000)),
    ("too_many_pixels", "image/tiff", tiff((60000, 60000))),
    ("too_many_pixels", "image/avif", avif((60000, 60000))),
    ("too_many_pixels", "image/vnd.microsoft.icon", ico(60000, 60000)),
    ("too_many_pixels", "image/jpeg", png(60000, 60000)),
    ("too_many_frames", "image/gif", gif(10**5)),
    ("too_many_frames", "image/png", png(1, 1, frames=10**5)),
    ("wrong_type", "image/png", b"<!doctype html><script>1</script>"),
    ("wrong_type", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("wrong_type", "image/jpeg", zip_of("a.txt")),
    ("wrong_type", "image/jpeg", b"Rar!\x1a\x07\x01\0" + bytes(40)),
    ("wrong_type", "image/jpeg", tar()),
    ("wrong_type", "image/gif", b"just text"),
    ("wrong_type", "application/pdf", zip_of("a.txt")),
    ("wrong_type", "application/pdf", b"7z\xbc\xaf\x27\x1c" + bytes(40)),
    ("wrong_type", "application/pdf", gzip.compress(b"x", mtime=0)),
    ("wrong_type", "application/pdf", tar()),
    ("wrong_type", "application/pdf", b"MZ" + bytes(100)),
    ("wrong_type", "application/pdf", b"<html><body onload=alert(1)>"),
    ("wrong_type", "video/mp4", b"<html><script>1</script>"),
    ("wrong_type", "audio/mpeg", zip_of("a.txt")),
    ("wrong_type", WORD, zip_of("a.txt", "b/c.exe")),
    ("wrong_type", WORD, JAR),
    ("wrong_type", WORD, zip_of("[Content_Types].xml", "word/document.xml", "META-INF/MANIFEST.MF")),
    ("wrong_type", TEXT, DOCUMENT),
    ("wrong_type", EPUB, ODT),
    ("wrong_type", EPUB, b"MZ" + bytes(100)),
    ("hidden_markup", "image/jpeg", JPEG + SCRIPT),
    ("hidden_markup", "image/jpeg", with_segment(0xFE, b"<?php system($_GET[0]); ?>")),
    ("hidden_markup", "image/jpeg", with_segment(0xE1, b"Exif\0\0" + b"<SCRIPT src=//x>")),
    ("hidden_markup", "image/png", with_chunk(b"tEXt", b"Comment\0" + SCRIPT)),
    ("hidden_markup", "image/png", PNG + b"<!DOCTYPE html><html>"),
    ("hidden_markup", "image/gif", GIF[:-1] + b"\x21\xfe\x08<iframe \0;"),
    ("hidden_markup", "image/gif", b"GIF89a/*" + GIF[8:] + b"*/=1;<script>"),
    ("hidden_markup", "image/bmp", picture("BMP") + SCRIPT),
    ("hidden_markup", "image/webp", WEBP + SCRIPT),
    ("hidden_markup", "application/pdf", b"<!--" + SCRIPT + b"-->\n" + PDF),
    ("hidden_archive", "image/gif", GIF + JAR),
    ("hidden_archive", "image/png", PNG + zip_of("a.txt")),
    ("hidden_archive", "image/png", covering_zip()),
    ("hidden_archive", "image/jpeg", JPEG + b"Rar!\x1a\x07\x01\0" + bytes(40)),
    ("hidden_archive", "image/jpeg", JPEG + b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40)),
    ("hidden_archive", "image/jpeg", JPEG + zip_of("a.txt", comment=b"a comment")),
    ("hidden_archive", "application/pdf", PDF + zip_of("a.txt")),
    ("hidden_archive", "video/mp4", FILM + JAR),
    ("hidden_document", "image/jpeg", with_segment(0xFE, PDF)),
    ("unreadable", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    ("unreadable", "image/jpeg", b"\xff\xd8\xff\xd9"),
]


@pytest.mark.parametrize(("code", "named", "data"), REFUSED)
@pytest.mark.parametrize("pieces", [1 << 16, 1000, 7])
def test_a_trap_is_refused_at_any_chunking(code: str, named: str, data: bytes, pieces: int) -> None:
    pieces = max(pieces, len(data) // 1000)
    assert code in {finding.code for finding in judged(named, data, pieces=pieces) if finding.refused}


def exif(description: str) -> bytes:
    values = Image.Exif()
    values[0x010E] = description
    values[0x0112] = 6
    return values.tobytes()


PASSING = {
    **{f"a plain {form}": (FORMATS[form][0], picture(form, most)) for form, (_, most) in FORMATS.items()},
    "an empty file": ("image/png", b""),
    "a photo and its preview (MPF)": ("image/jpeg", JPEG + saved("JPEG", quality=20)),
    "a photo of a Samsung": ("image/jpeg", JPEG + b"\0\0\1\n\x0e\0\0\0Image_UTC_Data1700000000000SEFHk\0SEFT"),
    "a photo that moves": ("image/jpeg", JPEG + FILM),
    "a photo with Exif": ("image/jpeg", saved("JPEG", exif=exif("A <b>bold</b> caption"))),
    "a photo with a caption of links": ("image/jpeg", with_segment(0xFE, LINKS)),
    "a photo of Photoshop": (
        "image/jpeg",
        with_segment(0xED, b"Photoshop 3.0\x008BIM" + bytes(40), with_segment(0xE1, ADOBE + XMP)),
    ),
    "a photo that was cut off": ("image/jpeg", JPEG[:-10]),
    "a PNG with XMP": ("image/png", with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "a PNG with a diagram": ("image/png", with_chunk(b"tEXt", b"mxfile\0%3Cmxfile%20host%3D%22Electron%22%3E")),
    "a PNG that was cut off": ("image/png", PNG[:-12]),
    "a WebP named as JPEG": ("image/jpeg", WEBP),
    "a JPEG named as PNG": ("image/png", JPEG),
    "a PNG named as an icon": ("image/vnd.microsoft.icon", PNG),
    "a TIFF of Photoshop": ("image/tiff", saved("TIFF", tiffinfo={700: XMP})),
    "a PDF": ("application/pdf", PDF),
    "a PDF behind a line break": ("application/pdf", b"\r\n" + PDF),
    "a PDF with a form of scripts": ("application/pdf", PDF * 20 + b"<script contentType='text/javascript'>" + PDF),
    "a PDF with a file in it": ("application/pdf", PDF[:40] + DOCUMENT + PDF[40:]),
    "an SVG": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
    "an SVG with a declaration": ("image/svg+xml", b"<?xml version='1.0'?><!-- x --><svg></svg>"),
    "HTML under its name": ("text/html", b"<!doctype html><script>1</script>"),
    "a Word document": (WORD, DOCUMENT),
    "a protected Word document": (WORD, OLE),
    "an old document that is RTF": ("application/msword", b"{\\rtf1 x}"),
    "a table that is HTML": ("application/vnd.ms-excel", b"<html><table>"),
    "an old document that is new": ("application/msword", DOCUMENT),
    "an OpenDocument": (TEXT, ODT),
    "a book": (EPUB, BOOK),
    "a JAR": ("application/java-archive", JAR),
    "a ZIP": ("application/zip", zip_of("a.txt", "b.html")),
    "a ZIP in a ZIP": ("application/zip", zip_of("a.txt", stored={"b.zip": JAR})),
    "a table": ("text/csv", b"BMI,weight\n1,2\n"),
    "a note": ("text/plain", b"MZ is how programs begin, FWS films\n"),
    "code about scripts": ("text/plain", SCRIPT),
    "a film": ("video/mp4", FILM),
    "a film of QuickTime": ("video/quicktime", struct.pack(">I", 20) + b"ftypqt  \0\0\0\0qt  " + bytes(600)),
    "a song without ID3": ("audio/mpeg", b"\xff\xfb\x90\x00" + bytes(600)),
    "something unknown": ("application/octet-stream", zip_of("a.txt")),
    "a program under its name": ("application/octet-stream", b"MZ" + bytes(100) + zip_of("a.txt")),
}  # fmt: skip


@pytest.mark.parametrize("which", PASSING)
@pytest.mark.parametrize("pieces", [1 << 16, 7])
def test_what_people_have_passes(which: str, pieces: int) -> None:
    named, data = PASSING[which]
    assert [finding for finding in judged(named, data, pieces=pieces) if finding.refused] == []


@pytest.mark.parametrize(
    ("which", "codes"),
    [
        ("a photo that moves", {"trailing"}),
        ("a photo that was cut off", {"truncated"}),
        ("a WebP named as JPEG", {"other_type"}),
        ("a protected Word document", {"other_type"}),
        ("a plain PNG", set()),
        ("a Word document", set()),
    ],
)
def test_what_passes_may_be_told(which: str, codes: set[str]) -> None:
    assert {finding.code for finding in judged(*PASSING[which])} == codes


def test_all_records_of_a_large_archive_are_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for index in range(3000):
            archive.writestr(f"word/media/{index}.txt", "x")
        archive.writestr("[Content_Types].xml", "x")
    assert judged(WORD, file.getvalue(), pieces=333) == ()


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_size=100), "too_large"),
        (Limits(max_pixels=776), "too_many_pixels"),
        (Limits(max_frames=0), "too_many_frames"),
        (Limits(accept=("image/jpeg",)), "type_not_accepted"),
        (Limits(accept=("video/*", "application/pdf")), "type_not_accepted"),
        (Limits(max_size=len(PNG), max_pixels=777, max_frames=1, accept=("image/*",)), None),
        (Limits(max_pixels=None, max_frames=None, accept=("image/png", "image/gif")), None),
    ],
)
def test_a_limit_is_the_first_that_is_too_much(limits: Limits, code: str | None) -> None:
    assert [finding.code for finding in judged("image/png", PNG, limits)] == ([code] if code else [])


def test_a_picture_must_also_be_of_an_accepted_type_inside() -> None:
    (first, *_) = judged("image/png", JPEG, Limits(accept=("image/png",)))
    assert (first.code, first.params["type"], first.refused) == ("type_not_accepted", "image/jpeg", True)


def test_a_project_chooses_what_is_refused() -> None:
    data = JPEG + SCRIPT
    assert [finding.refused for finding in judged("image/jpeg", data, Limits(refuse=()))] == [False, False]
    cut = judged("image/jpeg", JPEG[:-10], Limits(refuse=("truncated",)))
    assert [finding.refused for finding in cut] == [True]


MEAN = [(named, data) for _, named, data in REFUSED if len(data) < 20_000] + list(PASSING.values())


@settings(max_examples=40)
@given(st.sampled_from(MEAN), st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=30), st.data())
def test_nothing_breaks_an_inspector(
    file: tuple[str, bytes], changes: list[tuple[int, int]], more: st.DataObject
) -> None:
    named, data = file[0], bytearray(file[1] or b"x")
    for place, octet in changes:
        data[place % len(data)] = octet
    cut = more.draw(st.integers(1, len(data)))
    size = more.draw(st.sampled_from([1, 3, 64, 1 << 16]))
    split, whole = (
        Inspector(named, clean=True),
        Inspector(named, clean=True),
    )
    for place in range(0, cut, size):
        split.feed(bytes(data[place : min(place + size, cut)]))
    whole.feed(bytes(data[:cut]))
    assert split.close() == whole.close()
    assert sorted(split.edits) == sorted(whole.edits)
    assert all(place >= 0 and place + len(edit) <= cut for place, edit in whole.edits)


PIECES = [
    b"PK\x05\x06", bytes(18), b"x", b"\0", b"PK", b"+48.1234+011.5678", b"/", b"CRS", b"<", b"script", b" ",
    b"<!doctype ", b"html", b"Rar!", b"\x1a\x07\0", b"+00.5", b"exif:GPSLatitude",
]  # fmt: skip


@settings(max_examples=200)
@given(st.sampled_from([JPEG, PNG, FILM]), st.lists(st.sampled_from(PIECES), max_size=30), st.integers(1, 60))
def test_nothing_is_seen_twice_or_not_at_all_at_an_edge(start: bytes, pieces: list[bytes], size: int) -> None:
    data = start + b"".join(pieces)
    whole, split = (Inspector("image/jpeg", clean=True) for _ in range(2))
    whole.feed(data)
    for place in range(0, len(data), size):
        split.feed(data[place : place + size])
    assert split.close() == whole.close()
    assert split.edits == whole.edits


@settings(max_examples=40)
@given(st.sampled_from(sorted({named for named, _ in MEAN})), st.binary(max_size=3000))
def test_nor_does_what_is_no_file_of_any_kind(named: str, data: bytes) -> None:
    assert len(judged(named, data)) < 9


@pytest.mark.parametrize("form", FORMATS)
def test_what_an_inspector_keeps_does_not_grow_with_the_file(form: str) -> None:
    inspector = Inspector(FORMATS[form][0], clean=True)
    inspector.feed(picture(form))
    for _ in range(64):
        inspector.feed(bytes(1 << 16))
    kept = inspector._octets._kept if inspector._octets else b""
    assert len(kept) + len(inspector._hidden._kept) <= 1 << 16


def test_a_segment_is_what_a_jpeg_has() -> None:
    assert segment(0xFE, b"ab") == b"\xff\xfe\0\4ab"
