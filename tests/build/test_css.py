"""The scanner of CSS, against a table of hard cases; tests/oracles holds it against tinycss2."""

import pytest

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
    ('a{content:"\\29\n url(x.png)"} b{background:url("\\79\r\n.png")}', ["y.png"]),
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
    ("/*# sourceMappingURL=a.css.map */b{}/*# sourceMappingURL=b.css.map */", ["b.css.map"]),
    ("/*# sourceMappingURL=a.css.map */b{c:url(x.png)}", ["a.css.map", "x.png"]),
    (r'@im\70ort "b.css";', ["b.css"]),
    (r'\@import "b.css";', []),
    ('@important "b.css"; @import\\61 "b.css"; a@import "c.css"', ["c.css"]),
    (r"a{b:image\2d set('x.png' 1x)} c{d:-webkit-\69mage-set('y.png' 1x)}", ["x.png", "y.png"]),
    (r"a{b:\66 url(x.png) 1\75rl(x.png) #\75rl(x.png) a\75rl(x.png) \75rl(y.png)}", ["y.png"]),
    ("a{b:1url(x.png) --url(x.png) -->url(y.png)}", ["y.png"]),
    (
        "a{b:image-set(image-set('x.png') [')' 'y.png'] (}'z.png') url('w.png') 'v.png') 'u.png'}",
        ["x.png", "w.png", "v.png"],
    ),
    ("a{b:image-set(var(--c, 'x.png') calc(1x) 'y.png')}", ["y.png"]),
    ("a{b:my-image-set('x.png') image-set ('y.png') xsrc('z.png')}", []),
    ("a{b:url(/*c*/'x.png')} d{e:src(/*c*/'y.png')}", ["y.png"]),
    (r"a{b:url(data:image/svg+xml,<svg xmlns='a\)b'>)} c{d:url(x.png)}", ["x.png"]),
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
    pieces = ("\\", "url(", '"', "/*", "url(\\", "@", "image-set(", "-", "(", "url( ", "'\\", "u\\", "\\u-")
    for piece in (*pieces, "@import/*", "@import/**/", "src( ", "image-set('", "<!--url(", "*", "/**", "*/", "url(\\)"):
        list(references.find("a.css", (piece * 50_000).encode()))
