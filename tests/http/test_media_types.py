"""Media types: the table, and that nothing but the table decides."""

import mimetypes
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.http.media_types import (
    BY_EXTENSION,
    COMPRESSIBLE,
    DEFAULT,
    INCOMPRESSIBLE,
    NAMES,
    is_compressible,
    media_type,
    with_charset,
)

from .samples import LATIN_1

TYPES = {
    "a.css": "text/css",
    "a.js": "text/javascript",
    "a.mjs": "text/javascript",
    "a.cjs": "text/javascript",
    "a.webmanifest": "application/manifest+json",
    "a.map": "application/json",
    "a.js.map": "application/json",
    "a.json": "application/json",
    "a.ttf": "font/ttf",
    "a.otf": "font/otf",
    "a.woff": "font/woff",
    "a.woff2": "font/woff2",
    "a.eot": "application/vnd.ms-fontobject",
    "a.wasm": "application/wasm",
    "a.avif": "image/avif",
    "a.jxl": "image/jxl",
    "a.webp": "image/webp",
    "a.svg": "image/svg+xml",
    "a.png": "image/png",
    "a.jpg": "image/jpeg",
    "a.jpeg": "image/jpeg",
    "a.gif": "image/gif",
    "favicon.ico": "image/vnd.microsoft.icon",
    "a.html": "text/html",
    "a.txt": "text/plain",
    "a.xml": "application/xml",
    "a.pdf": "application/pdf",
    "a.mp4": "video/mp4",
    "a.webm": "video/webm",
    "a.mp3": "audio/mpeg",
    "a.gz": "application/gzip",
    "a.tar.gz": "application/gzip",
    "a.css.gz": "application/gzip",
    "a.svgz": DEFAULT,
    "a.zip": "application/zip",
    "a.unknown": DEFAULT,
    "README": DEFAULT,
    "": DEFAULT,
    "css": DEFAULT,
    ".css": DEFAULT,
    "a.css/b": DEFAULT,
    "deep/er/A.CSS": "text/css",
    "a.4f3c1d2a9b7e.css": "text/css",
}


@pytest.mark.parametrize(("name", "type_"), TYPES.items())
def test_type_by_name(name: str, type_: str) -> None:
    assert media_type(name) == type_
    assert media_type(name, {}) == type_
    assert media_type(name.upper()) == type_


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("apple-app-site-association", "application/json"),
        (".well-known/apple-app-site-association", "application/json"),
        ("crossdomain.xml", "text/x-cross-domain-policy"),
        ("CrossDomain.XML", "text/x-cross-domain-policy"),
        (".well-known/security.txt", "text/plain"),
        ("not-crossdomain.xml", "application/xml"),
    ],
)
def test_a_whole_name_says_more_than_its_extension(name: str, type_: str) -> None:
    assert media_type(name) == type_
    assert media_type(name, {".foo": "x/foo"}) == type_


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("a.foo", "x/foo"),
        ("A.FOO", "x/foo"),
        ("b.css", "x/css"),
        ("d/special.css", "x/special"),
        ("a.js", "text/javascript"),
    ],
)
def test_a_projects_own_table_wins(name: str, type_: str) -> None:
    assert media_type(name, {".foo": "x/foo", ".css": "x/css", "special.css": "x/special"}) == type_


def test_no_extension_means_two_types() -> None:
    listed = [
        extension for table in (COMPRESSIBLE, INCOMPRESSIBLE) for value in table.values() for extension in value.split()
    ]
    assert [extension for extension, count in Counter(listed).items() if count > 1] == []
    assert len(BY_EXTENSION) == len(listed)
    assert not COMPRESSIBLE.keys() & INCOMPRESSIBLE.keys()


def test_the_tables_are_in_lower_case() -> None:
    for table in (COMPRESSIBLE, INCOMPRESSIBLE, NAMES):
        assert [entry for entry in (*table, *table.values()) if entry != entry.lower()] == []


def test_every_type_has_the_form_of_one() -> None:
    for type_ in (*COMPRESSIBLE, *INCOMPRESSIBLE, *NAMES.values()):
        kind, _, rest = type_.partition("/")
        assert kind in {"application", "audio", "font", "image", "model", "text", "video"}
        assert rest.replace("-", "").replace(".", "").replace("+", "").isalnum()


def test_the_systems_table_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mimetypes, "types_map", {".css": "text/wrong"})
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: ("text/wrong", None))
    assert media_type("a.css") == "text/css"


@pytest.mark.parametrize(
    ("type_", "compressible"),
    [
        ("text/css", True),
        ("TEXT/CSS; charset=utf-8", True),
        ("text/x-anything", True),
        ("application/x+json", True),
        ("application/x+xml", True),
        ("image/svg+xml", True),
        ("application/wasm", True),
        ("font/ttf", True),
        ("font/woff2", False),
        ("image/png", False),
        ("application/gzip", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_what_pays_to_compress(type_: str, compressible: bool) -> None:
    assert is_compressible(type_) is compressible


@pytest.mark.parametrize(
    ("type_", "charset", "full"),
    [
        ("text/css", "utf-8", "text/css; charset=utf-8"),
        ("text/css", "latin-1", "text/css; charset=latin-1"),
        ("text/css", "", "text/css"),
        ("text/html; charset=koi8-r", "utf-8", "text/html; charset=koi8-r"),
        ("text/html; Charset=koi8-r", "utf-8", "text/html; Charset=koi8-r"),
        ("application/json", "utf-8", "application/json"),
        ("image/svg+xml", "utf-8", "image/svg+xml"),
    ],
)
def test_text_has_a_charset_once(type_: str, charset: str, full: str) -> None:
    assert with_charset(type_, charset) == full


@settings(max_examples=200)
@given(LATIN_1 | st.text("a./\\\x00 C"))
def test_any_name_has_a_type(name: str) -> None:
    assert media_type(name) in {*COMPRESSIBLE, *INCOMPRESSIBLE, *NAMES.values()}
