"""The scanner of CSS, against a table of hard cases and against tinycss2 on generated text."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import tinycss2
from hypothesis import assume, example, given
from hypothesis import strategies as st

from clearway.build import references

TABLE: list[tuple[str, list[str]]] = [
    ("a{background:url(x.png)}", ["x.png"]),
    ("a{background:url('x.png')}", ["x.png"]),
    ('a{background:url("x.png")}', ["x.png"]),
    ('a{background:url( "x.png" )}', ["x.png"]),
    ("a{background:url(\n  x.png\t)}", ["x.png"]),
    ("a{background:URL(x.png)}", ["x.png"]),
    (r"a{background:u\72l(x.png)}", ["x.png"]),
    ('a{background:url("a(1).png")}', ["a(1).png"]),
    (r"a{background:url(a\ b.png)}", ["a b.png"]),
    (r"a{background:url(a\(1\).png)}", ["a(1).png"]),
    (r'a{background:url("a\22 b.png")}', ['a"b.png']),
    ('a{background:url("a\\\nb.png")}', ["ab.png"]),
    ("a{background:url()}", []),
    ('a{background:url("")}', [""]),
    ('@import "b.css";', ["b.css"]),
    ("@import'b.css';", ["b.css"]),
    ('@IMPORT/* why */ "b.css" screen;', ["b.css"]),
    ("@import url(b.css) layer(base);", ["b.css"]),
    ('@import url("b.css?v=2");', ["b.css?v=2"]),
    ('@import : "b.css";', []),
    ('a{background:image-set("x.png" 1x, url(y.png) 2x)}', ["x.png", "y.png"]),
    ('a{background:-webkit-image-set("x.png" 1x)}', ["x.png"]),
    ('a{background:image-set("x.avif" type("image/avif"), "x.png" 1x)}', ["x.avif", "x.png"]),
    ('a{background:src("x.png")}', ["x.png"]),
    ("/* url(x.png) @import 'b.css' */", []),
    ('a{content:"url(x.png)"}', []),
    ("a{content:\"/*\"} b{background:url(x.png)} c{content:'*/'}", ["x.png"]),
    ("a{background:my-url(x.png)}", []),
    ("a{background:url-prefix(x.png)}", []),
    ("a{background:url(a b.png)} c{background:url(x.png)}", ["x.png"]),
    ("a{background:url(a'b.png)} c{background:url(x.png)}", ["x.png"]),
    ('a{content:"open\n} c{background:url(x.png)}', ["x.png"]),
    ("a{--b:url(x.png)}", ["x.png"]),
    ("a{b:#url(x.png)}", []),
    ("<!-- url(x.png) -->", ["x.png"]),
    ("<!--url(x.png)-->", ["x.png"]),
    ("a{background:url(x.png", ["x.png"]),
    ('@import "b.css', ["b.css"]),
    ("a{}\n/*# sourceMappingURL=a.css.map */", ["a.css.map"]),
    ("a{}/*# sourceMappingURL=a.css.map*/", ["a.css.map"]),
    ("a{}/*@ sourceMappingURL=a.css.map */", ["a.css.map"]),
    ("/* see sourceMappingURL=a.css.map */", []),
]


@pytest.mark.parametrize(("css", "urls"), TABLE)
def test_urls_are_found_where_css_has_them(css: str, urls: list[str]) -> None:
    assert found(css) == urls


def found(css: str) -> list[str]:
    return [reference.url for reference in references.find("a.css", css.encode())]


def test_a_position_is_an_offset_of_octets() -> None:
    data = "/* häß */ a{background:url( 'bü.png' )}".encode()
    (reference,) = references.find("a.css", data)
    assert data[reference.start : reference.end] == "bü.png".encode()


def test_a_long_run_of_anything_is_read_in_linear_time() -> None:
    for piece in ("\\", "url(", '"', "/*", "url(\\", "@", "image-set(", "-", "(", "url( ", "'\\", "u\\"):
        list(references.find("a.css", (piece * 200_000).encode()))


# --- the oracle

PIECES = [
    *("url(", "URL( ", "src(", "image-set(", "@import", "@import ", "/*", "*/", '"', "'", "\\", ")", "(", "{", "}"),
    *("[", "]", ";", ",", ":", " ", "\n", "\r\n", "\f", "\t", "a", "x.png", "url", "import", "1", "-", "#", "@", "é"),
    *("\\75 ", "\\29", "<!--", "-->", "+", ".", "%", "/", "*", "?", "\x01", "\x00", "type(", "\\\\", "u", "+1"),
]


# tinycss2 lets a backslash escape a newline in an unquoted url(), and a newline stand in a quoted one
LENIENT = re.compile(r"\\(\Z|[\n\r\f])|url\([ \t\n\r\f]*[\"'][^\n\r\f]*[\n\r\f]", re.IGNORECASE)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("image-set((')x.png'")
def test_what_is_found_is_what_tinycss2_finds(css: str) -> None:
    assume(not LENIENT.search(css))
    assert [url.replace("\x00", "\ufffd") for url in found(css)] == list(oracle(css))


def oracle(css: str) -> Iterator[str]:
    return walk(tinycss2.parse_component_value_list(css), "")


def walk(tokens: Iterable[Any], function: str) -> Iterator[str]:
    before = f"{function}("
    for token in tokens:
        if token.type in ("comment", "whitespace") or (token.type == "error" and token.kind.startswith("eof-in")):
            continue
        takes_url = before in ("@import", "url(", "src(") or function == "image-set"
        if (token.type == "url" and token.value) or (token.type == "string" and takes_url):
            yield token.value
        elif token.type == "function":
            yield from walk(token.arguments, token.lower_name)
        elif token.type.endswith(" block"):
            yield from walk(token.content, "")
        before = f"@{token.lower_value}" if token.type == "at-keyword" else ""
