"""The names that a cache of one's own lets through, and the addresses of what stands behind it."""

import re

import pytest

from clearway.fronts.edge.edge import Edge, Origin
from clearway.fronts.errors import UnwritableError

ORIGIN = Origin("http", "127.0.0.1", 9000, "/bucket/live/")
EDGE = Edge("shop", "shop", "", "/static/", ORIGIN, texts=(".css", ".JS"), unchanging=("dist/a b",))


@pytest.mark.parametrize(
    "name",
    [
        "site.4f3c1d2a9b7e.css",
        "a/b/c",
        "a..b/c.",
        "img/a%20b.png",
        "img/%C3%A4.png",
        "x@2x.png",
        "a(1),b;c=d+e!~*'.css",
        "%5B%7C%5D%25",
        "[a]|^.css",
        "staticfiles.json/x",
        "a/staticfiles.json",
        "staticfiles.json5",
        "a.4f3c1d2a9b7e.gz",
        "a.css.gz",
    ],
)
def test_a_file_has_a_name(name: str) -> None:
    assert re.fullmatch(EDGE.names, name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".clearway/current",
        "a/.b",
        "a/../b",
        "..",
        ".",
        "/a",
        "a//b",
        "a/",
        "a/./b",
        "a%2fb",
        "a%2Fb",
        "a%5cb",
        "%2e%2e/a",
        "site.4f3c1d2a9b7e.css.br",
        "%73taticfiles.json",
        "staticfiles.json",
        "a%00",
        "a%0a",
        "a%7f",
        "a%zz",
        "a%2",
        "a%",
        "a\\b",
        "a b",
        "a?b",
        "a#b",
        'a"b',
        "a<b>",
        "ä",
        "a\n",
    ],
)
def test_anything_else_is_no_file(name: str) -> None:
    assert not re.fullmatch(EDGE.names, name)


@pytest.mark.parametrize(
    ("name", "is_encoded", "is_fixed"),
    [
        ("site.4f3c1d2a9b7e.css", True, True),
        ("a/b.4f3c1d2a9b7e.js", True, True),
        ("b.4f3c1d2a9b7e.png", False, True),
        ("LICENSE.4f3c1d2a9b7e", False, True),
        ("site.css", False, False),
        ("site.4f3c1d2a9b7e.css.br", False, False),
        ("dist/a%20b/chunk.css", True, True),
        ("dist/a%20b/more/chunk.css", False, False),
        ("dist/a%20b/chunk.png", False, True),
    ],
)
def test_names_say_what_may_be_encoded_and_what_never_changes(name: str, is_encoded: bool, is_fixed: bool) -> None:
    assert bool(re.fullmatch(EDGE.encoded, name)) is is_encoded
    assert bool(re.fullmatch(EDGE.fixed, name)) is is_fixed


@pytest.mark.parametrize(
    ("url", "origin", "field"),
    [
        ("http://store.example", Origin("http", "store.example", 80, "/"), "store.example"),
        ("https://store.example/a/b/", Origin("https", "store.example", 443, "/a/b/"), "store.example"),
        ("http://store.example:9000/a", Origin("http", "store.example", 9000, "/a/"), "store.example:9000"),
        ("http://[::1]:9000/a b", Origin("http", "[::1]", 9000, "/a%20b/"), "[::1]:9000"),
        ('http://store.example/"};', Origin("http", "store.example", 80, "/%22%7D;/"), "store.example"),
        ("https://store.example:443", Origin("https", "store.example", 443, "/"), "store.example"),
    ],
)
def test_an_origin_is_a_url(url: str, origin: Origin, field: str) -> None:
    assert (Origin.parse(url), Origin.parse(url).field) == (origin, field)


@pytest.mark.parametrize(
    "url",
    [
        "store.example",
        "ftp://store.example",
        "http://",
        "http://a b/",
        "http://store.example?x",
        "http://store.example/../x",
        "http://user:secret@store.example/",
        "http://store.example:x/",
    ],
)
def test_what_is_no_url_of_an_origin_is_said(url: str) -> None:
    with pytest.raises(UnwritableError, match="not the address of an origin"):
        Origin.parse(url)


def test_a_connection_may_lead_elsewhere() -> None:
    origin = Origin.parse("https://store.example/a", "127.0.0.1:8443")
    assert (origin.connected, origin.is_tls, origin.field) == (("127.0.0.1", 8443), False, "store.example")
    with pytest.raises(UnwritableError, match="HOST:PORT"):
        _ = Origin.parse("https://store.example/a", "unix:/run/x").connected
