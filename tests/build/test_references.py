"""Edits change the octets of the URL and nothing else."""

import pytest
from tests.build.trees import planned

PICTURE = b"picture"
HASH = "5456fc54c74a"  # of PICTURE


def published(css: bytes, extra: dict[str, bytes] | None = None, static_url: str = "/static/") -> bytes:
    files = {"css/a.css": css, "css/x.png": PICTURE, "img/x.png": PICTURE, **(extra or {})}
    return planned(files, static_url).assets["css/a.css"].read()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a{b:url(x.png)}", b"a{b:url(x.%s.png)}"),
        (b"a{b:url('x.png')}", b"a{b:url('x.%s.png')}"),
        (b'a{b:url( "x.png" )}', b'a{b:url( "x.%s.png" )}'),
        (b"a{b:url(../img/x.png)}", b"a{b:url(../img/x.%s.png)}"),
        (b"a{b:url(./x.png)}", b"a{b:url(./x.%s.png)}"),
        (b"a{b:url(../css/../img/x.png)}", b"a{b:url(../css/../img/x.%s.png)}"),
        (b"a{b:url(x.png?v=2)}", b"a{b:url(x.%s.png?v=2)}"),
        (b"a{b:url(x.png?#iefix)}", b"a{b:url(x.%s.png?#iefix)}"),
        (b"a{b:url(x.png#id)}", b"a{b:url(x.%s.png#id)}"),
        (b"a{b:url(x.png#a/b.png)}", b"a{b:url(x.%s.png#a/b.png)}"),
        (b"a{b:url(/static/img/x.png)}", b"a{b:url(/static/img/x.%s.png)}"),
        (b"a{b:url(../../static/img/x.png)}", b"a{b:url(../../static/img/x.%s.png)}"),
        (b"\xef\xbb\xbfa{b:url(x.png)}", b"\xef\xbb\xbfa{b:url(x.%s.png)}"),
        (b"\xef\xbb\xbf@import url(x.png);", b"\xef\xbb\xbf@import url(x.%s.png);"),
        (b"a{\r\n b:url(x.png)\r\n}\r\n", b"a{\r\n b:url(x.%s.png)\r\n}\r\n"),
        (b"/* caf\xe9 \xff\xfe */a{b:url(x.png)}", b"/* caf\xe9 \xff\xfe */a{b:url(x.%s.png)}"),
        (b'a{b:image-set("x.png" 1x)}', b'a{b:image-set("x.%s.png" 1x)}'),
        (rb"a{b:url(\78.png)}", b"a{b:url(x.%s.png)}"),
        (b"a{b:url(..//img/x.png)}", b"a{b:url(../img/x.%s.png)}"),
        (b"a{b:url(' x.png ')}", b"a{b:url('x.%s.png')}"),
    ],
)
def test_only_the_octets_of_the_url_change(before: bytes, after: bytes) -> None:
    assert published(before) == after % HASH.encode()


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64,AAAA",
        "DATA:image/png;base64,AAAA",
        "https://example.com/x.png",
        "HTTP://example.com/x.png",
        "//example.com/x.png",
        "about:blank",
        "#filter",
        "?page=2",
        "",
        "/other/x.png",
        "/staticx.png",
        "../img/",
        "..",
        ".",
    ],
)
def test_what_is_no_static_file_is_left_alone(url: str) -> None:
    css = f'a{{b:url("{url}")}}'.encode()
    assert published(css) == css


@pytest.mark.parametrize(
    ("name", "reference", "replacement"),
    [
        ("css/a b.png", b"url('a b.png')", b"url('a%%20b.%s.png')"),
        ("css/a b.png", b"url(a%20b.png)", b"url(a%%20b.%s.png)"),
        ("css/a b.png", rb"url(a\ b.png)", b"url(a%%20b.%s.png)"),
        ("css/a(1).png", b'url("a(1).png")', b'url("a%%281%%29.%s.png")'),
        ("css/a(1).png", rb"url(a\(1\).png)", b"url(a%%281%%29.%s.png)"),
        ("css/a#b.png", b"url(a%23b.png)", b"url(a%%23b.%s.png)"),
        ("css/a?b.png", b"url(a%3Fb.png)", b"url(a%%3Fb.%s.png)"),
        ("css/a%20b.png", b"url(a%2520b.png)", b"url(a%%2520b.%s.png)"),
        ('css/a"b.png', b"url('a\"b.png')", b"url('a%%22b.%s.png')"),
        ("css/c:d.png", b"url(./c:d.png)", b"url(./c%%3Ad.%s.png)"),
        ("css/b\u00fc.png", "url('b\u00fc.png')".encode(), b"url('b%%C3%%BC.%s.png')"),
        ("css/bu\u0308.png", "url('b\u00fc.png')".encode(), b"url('bu%%CC%%88.%s.png')"),
        ("s p/x.png", b"url('../s p/x.png')", b"url('../s p/x.%s.png')"),
        ("s p/x.png", rb"url(../s\ p/x.png)", b"url(../s%%20p/x.%s.png)"),
        ("u\u0308/x.png", "url('../\u00fc/x.png')".encode(), b"url('../u%%CC%%88/x.%s.png')"),
    ],
)
def test_names_that_need_escapes(name: str, reference: bytes, replacement: bytes) -> None:
    assert published(b"a{b:" + reference + b"}", {name: PICTURE}) == b"a{b:" + replacement % HASH.encode() + b"}"


def test_a_reference_with_a_query_follows_a_rewritten_target() -> None:
    files = {"a.css": b'@import "b.css?v=2";', "b.css": b"a{b:url(x.png)}", "x.png": PICTURE}
    plan = planned(files)
    assert plan.assets["a.css"].read() == f'@import "{plan.names()["b.css"]}?v=2";'.encode()


def test_absolute_urls_below_a_static_url_on_another_host() -> None:
    cdn = "https://cdn.example.com/s/"
    css = b"a{b:url(https://cdn.example.com/s/img/x.png)}c{d:url(/s/img/x.png)}e{f:url(/img/x.png)}"
    hashed = b"img/x.%s.png" % HASH.encode()
    expected = b"a{b:url(https://cdn.example.com/s/" + hashed + b")}c{d:url(/s/" + hashed + b")}e{f:url(/img/x.png)}"
    assert published(css, static_url=cdn) == expected


def test_below_a_static_url_at_the_root_a_path_may_be_a_page() -> None:
    css = b"a{b:url(/about)}c{d:url(/img/x.png)}"
    assert published(css, static_url="/") == b"a{b:url(/about)}c{d:url(/img/x.%s.png)}" % HASH.encode()


@pytest.mark.parametrize("name", ["a.css", "A.CSS"])
@pytest.mark.parametrize("tail", [b"", b"\n", b"\r\n"])
def test_the_source_map_of_a_style_sheet(name: str, tail: bytes) -> None:
    plan = planned({name: b"a{}\n/*# sourceMappingURL=a.css.map */" + tail, "a.css.map": b"{}"})
    expected = b"a{}\n/*# sourceMappingURL=%s */" % plan.names()["a.css.map"].encode() + tail
    assert plan.assets[name].read() == expected


@pytest.mark.parametrize("name", ["a.js", "a.mjs", "A.JS"])
@pytest.mark.parametrize("tail", [b"", b"\n", b"\r\n", b" \n"])
@pytest.mark.parametrize("mark", [b"//#", b"//@"])
def test_the_source_map_of_a_script(name: str, tail: bytes, mark: bytes) -> None:
    plan = planned({name: b"let a;\n" + mark + b" sourceMappingURL=a.js.map" + tail, "a.js.map": b"{}"})
    expected = b"let a;\n" + mark + b" sourceMappingURL=%s" % plan.names()["a.js.map"].encode() + tail
    assert plan.assets[name].read() == expected


def test_a_source_map_inside_the_file_is_left_alone() -> None:
    script = b"let a;\n//# sourceMappingURL=data:application/json;base64,e30="
    assert planned({"a.js": script}).assets["a.js"].read() == script
