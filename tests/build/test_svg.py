"""References in SVG: links, styles and style sheets; entities stay what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build.trees import planned

from clearway.build import references

TABLE: list[tuple[str, list[str]]] = [
    ('<image href="x.png"/>', ["x.png"]),
    ("<image xlink:href='x.png' />", ["x.png"]),
    ('<svg:image width="1" l:href = "x.png">', ["x.png"]),
    ('<use href="sprite.svg#icon"/>', ["sprite.svg#icon"]),
    ('<use href="#icon"/><use xlink:href=" #icon"/><use href=""/>', []),
    ('<feImage href="x.png"/><script href="x.js"/><mpath href="p.svg#a"/>', ["x.png", "x.js", "p.svg#a"]),
    ('<linearGradient xlink:href="g.svg#a"/><textPath href="p.svg#b">a</textPath>', ["g.svg#a", "p.svg#b"]),
    ('<a href="page.html"/><Image href="x.png"/><image data-href="x.png"/><image src="x.png"/>', []),
    ('<image href="data:image/png;base64,AAAA"/>', []),
    ('<image\n\ttitle="a > b" href="x.png"\n/>', ["x.png"]),
    ('<image title=\'"\' href="x.png"/>', ["x.png"]),
    ('<image href="a&amp;b.png?c=1&#38;d=&#x32;"/>', ["a&b.png?c=1&d=2"]),
    ('<image href="&quot;&apos;&lt;&gt;.png"/>', ["\"'<>.png"]),
    ('<image href="&amp;amp;.png"/>', ["&amp;.png"]),
    ('<!DOCTYPE svg [<!ENTITY e "<image href=\'x.png\'/>">]><image href="&e;.png"/><image href="y.png"/>', ["y.png"]),
    ('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://w3.org/svg11.dtd"><image href="x.png"/>', ["x.png"]),
    ('<!-- <image href="x.png"/> --><![CDATA[<image href="x.png"/>]]><?php <image href="x.png"/> ?>', []),
    ('<desc>href="x.png"</desc>', []),
    ('<rect style="fill:url(x.svg#a)"/>', ["x.svg#a"]),
    (
        '<rect style="background:url(\'x.png\')" fill=\'url(y.svg#a)\' stroke="url(#b)" id="url(no.png)"/>',
        ["x.png", "y.svg#a"],
    ),
    ('<rect style="background:url(&quot;x.png&quot;), url(&#39;y&amp;z.png&#39;)"/>', ["x.png", "y&z.png"]),
    ("<style>@import 'a.css'; a{fill:url(x.svg#a)} b{fill:url(#b)}</style>", ["a.css", "x.svg#a"]),
    ("<style type='text/css'><![CDATA[a{b:url(x.png?a&amp;b)}]]></style>", ["x.png?a&amp;b"]),
    ("<style>a{b:url(x.png?a&amp;b)}</style>", ["x.png?a&b"]),
    ("<style><!-- a{b:url(x.png)} --></style><style/><image href='y.png'/>", ["y.png"]),
    ("<svg:style>a{b:url(x.png)}</svg:style>", ["x.png"]),
    ("<style>a{b:url(x.png)}", ["x.png"]),
    ('<?xml version="1.0"?><?xml-stylesheet type="text/css" href="a.css"?>', ["a.css"]),
    ("<?xml-stylesheet href='a.css?b&amp;c' ?>", ["a.css?b&c"]),
    ("<?xml-stylesheets href='a.css'?>", []),
]


@pytest.mark.parametrize(("svg", "urls"), TABLE)
def test_urls_are_found_where_an_svg_has_them(svg: str, urls: list[str]) -> None:
    assert found(svg) == urls


def found(svg: str) -> list[str]:
    return [reference.url for reference in references.find("a.svg", svg.encode())]


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        (b'<image href="x.png"/>', "x.png", b'<image href="{}"/>'),
        (b"\xef\xbb\xbf<use\r\nxlink:href='x.png#a'/>", "x.png", b"\xef\xbb\xbf<use\r\nxlink:href='{}#a'/>"),
        (b'<image href="x.png?a=1&amp;b=2"/>', "x.png", b'<image href="{}?a=1&amp;b=2"/>'),
        (b'<image href="a&#98;.png"/>', "ab.png", b'<image href="{}"/>'),
        (b'<image href="it&apos;s/x.png"/>', "it's/x.png", b'<image href="it%27s/{}"/>'),
        (b'<image href="&#xfc;/x.png"/>', "ü/x.png", b'<image href="%C3%BC/{}"/>'),
        (b'<rect style="fill:url(&quot;x.png&quot;)"/>', "x.png", b'<rect style="fill:url(&quot;{}&quot;)"/>'),
        (b"<style>a{b:url(x.png?a&amp;b)}</style>", "x.png", b"<style>a{b:url({}?a&amp;b)}</style>"),
        (b"<style><![CDATA[a{b:url(x.png?a&b)}]]></style>", "x.png", b"<style><![CDATA[a{b:url({}?a&b)}]]></style>"),
        (b'<?xml-stylesheet href="a.css"?><svg/> \xff', "a.css", b'<?xml-stylesheet href="{}"?><svg/> \xff'),
    ],
)
def test_only_the_octets_of_the_url_change(before: bytes, name: str, after: bytes) -> None:
    assets = planned({"a.svg": before, name: b"content"}).assets
    base = assets[name].asset.name.rpartition("/")[2]
    assert assets["a.svg"].read() == after.replace(b"{}", base.encode())


def test_an_ampersand_in_a_name_is_written_as_an_entity() -> None:
    assets = planned({"a.svg": b'<image href="a%26b.png"/>', "a&b.png": b"content"}).assets
    edited = assets["a.svg"].read()
    assert b"&" not in edited.replace(b"&amp;", b"")
    assert references.find("a.svg", edited)[0].url.replace("%26", "&") == assets["a&b.png"].asset.name


PIECES = [
    *("<", ">", "/>", "</", "<image", " href=", '"', "'", "x.png", "#a", "<style>", "</style>", "<!--", "-->", "url("),
    *(
        ")",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE",
        "[",
        "]>",
        "<?xml-stylesheet ",
        "?>",
        "&amp;",
        "&#x31;",
        "&e;",
        "&",
        " ",
        "=",
    ),
    *("<image href='x.png'/>", " style=", "\n", "é", "\\", "{", "}"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_nothing_is_too_odd_to_read(svg: str) -> None:
    data = svg.encode()
    found = references.find("a.svg", data)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert references.edited(data, [each.edit("x") for each in found]) is not None


@pytest.mark.parametrize(
    "piece", [*PIECES, '<a "', "<a ", 'a="', "<image a", "&#", "<style><!--", "<!DOCTYPE[", "<style a"]
)
def test_a_long_run_of_anything_is_read_in_linear_time(piece: str) -> None:
    references.find("a.svg", (piece * 20_000).encode())
    references.find("a.svg", b'<image style="' + (piece * 20_000).encode() + b'">')
