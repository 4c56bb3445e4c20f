"""What the first octets of a file say of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.http.media_types import BY_EXTENSION
from clearway.policy.signatures import HEAD, contradicts, type_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg">'
FTYP = b"\0\0\0\x20ftyp"
RIFF = b"RIFF\x24\0\0\0"


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"GIF89a\1\0", "image/gif"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (RIFF + b"WEBPVP8 ", "image/webp"),
        (RIFF + b"WAVEfmt ", "audio/wav"),
        (RIFF + b"AVI LIST", "video/x-msvideo"),
        (b"XXXX\0\0\0\0WEBP", None),
        (FTYP + b"avif", "image/avif"),
        (FTYP + b"heic", "image/heic"),
        (FTYP + b"isom", "video/mp4"),
        (FTYP + b"qt  ", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\x82\x84webm", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", "video/x-matroska"),
        (b"OggS\0\2", "video/ogg"),
        (b"ID3\4", "audio/mpeg"),
        (b"\xff\xfb\x90\0", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\n" * 1000 + b"%PDF-1.7", "application/pdf"),
        (b"PK\3\4\x14\0", "application/zip"),
        (b"MZ\x90\0", "application/x-executable"),
        (b"\x7fELF\2", "application/x-executable"),
        (b"\0" * 257 + b"ustar\0", "application/x-tar"),
        (SVG, "image/svg+xml"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --> ' + SVG, "image/svg+xml"),
        (b"<!-- <html> -->" + SVG, "image/svg+xml"),
        (b"<svg:svg xmlns:svg='x'>", "image/svg+xml"),
        (b"<!DOCTYPE html>", "text/html"),
        (b"<!doctype  HTML>", "text/html"),
        (b" \t\n<script>alert(1)</script>", "text/html"),
        (b"<IMG SRC=x onerror=alert(1)>", "text/html"),
        (b"<!-- a --><html>", "text/html"),
        (b"<htmlx>", None),
        (b'<?xml version="1.0"?><rss>', "application/xml"),
        (b"a,b,c\n", None),
        (b"", None),
    ],
)
def test_a_signature_is_seen(head: bytes, media_type: str | None) -> None:
    assert type_of(head) == media_type


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.apng", b"\x89PNG\r\n\x1a\n"),
        ("a.docx", b"PK\3\4"),
        ("a.jar", b"PK\3\4"),
        ("a.odt", b"PK\3\4"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.m4a", FTYP + b"M4A "),
        ("a.mov", b"\0\0\0\x08wide"),
        ("a.mkv", b"\x1a\x45\xdf\xa3\x42\x82\x88matroska"),
        ("a.oga", b"OggS\0\2"),
        ("a.svg", b'<?xml version="1.0"?>' + b" " * HEAD),
        ("a.svg", SVG),
        ("a.html", b"<p>x"),
        ("a.html", b"plain text is HTML too"),
        ("a.md", b"<div align=center>"),
        ("a.txt", b"<?xml version='1.0'?>"),
        ("a.csv", b"a,b"),
        ("a.exe", b"MZ"),
        ("a", b"anything"),
        ("a.mp3", b"\0\0\0\0"),
        ("a.png", b""),
        ("a.unknown", b"\x89PNG\r\n\x1a\n"[:3]),
    ],
)
def test_a_content_that_its_name_covers_contradicts_nothing(name: str, head: bytes) -> None:
    assert contradicts(BY_EXTENSION.get("." + name.partition(".")[2], "application/octet-stream"), head) is None


@pytest.mark.parametrize(
    ("named", "head", "found"),
    [
        ("image/png", b"<script>alert(1)</script>", "text/html"),
        ("image/png", b"GIF89a", "image/gif"),
        ("image/jpeg", SVG, "image/svg+xml"),
        ("image/png", b"PK\3\4", "application/zip"),
        ("image/gif", b"MZ\x90\0", "application/x-executable"),
        ("image/png", b"no picture", "application/octet-stream"),
        ("video/mp4", b"<html>", "text/html"),
        ("application/pdf", b"GIF89a", "image/gif"),
        ("text/csv", b"\x7fELF", "application/x-executable"),
        ("text/plain; charset=utf-8", b"%PDF-", "application/pdf"),
        ("image/svg+xml", b"<html>", "text/html"),
        ("application/zip", b"%PDF-", "application/pdf"),
    ],
)
def test_a_content_that_its_name_hides_is_told(named: str, head: bytes, found: str) -> None:
    assert contradicts(named, head) == found


@settings(max_examples=300)
@given(st.sampled_from(sorted(set(BY_EXTENSION.values()))), st.binary(max_size=HEAD))
def test_any_octets_are_read(named: str, head: bytes) -> None:
    found = contradicts(named, head)
    assert found is None or "/" in found


@pytest.mark.parametrize("head", [b" " * HEAD, b"<!--" * 256, b"<" * HEAD, b"<!-- -->" * 128])
def test_long_beginnings_are_read_in_no_time(head: bytes) -> None:
    assert type_of(head) is None


@pytest.mark.parametrize("name", ["PNG", "GIF", "JPEG", "WEBP", "BMP", "TIFF", "ICO", "AVIF", "PDF"])
def test_what_pillow_writes_is_what_is_seen(name: str) -> None:
    image = pytest.importorskip("PIL.Image", reason="needs Pillow")
    from io import BytesIO

    image.init()
    if name not in image.SAVE:
        pytest.skip(f"needs Pillow with {name}")
    image.new("RGB", (16, 16)).save(written := BytesIO(), name)
    assert type_of(written.getvalue()[:HEAD]) == BY_EXTENSION["." + name.lower()]
