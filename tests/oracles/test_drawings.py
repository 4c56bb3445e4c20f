"""References in SVG against expat, on generated drawings."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles import drawings
from tests.oracles.comparison import drawing_differences

urls = st.sampled_from(
    [
        "x.png",
        "#a",
        "",
        "sprite.svg#a",
        "a&amp;b.png",
        "a%20b.png?c=1&amp;d",
        "é.svg",
        "data:,a",
        " x.png ",
        "&#x78;.png",
    ]
)
hrefs = st.builds(
    " {}={}".format,
    st.sampled_from(["href", "xlink:href", "xlink:href ", "data-href", "src"]),
    st.one_of(st.builds('"{}"'.format, urls), st.builds("\n'{}'".format, urls)),
)
paints = st.sampled_from(
    ["url(x.svg#a)", "url( 'z.png' )", "url(&quot;y.svg#b&quot;) red", "url(&#39;a&amp;b.svg&#39;)", "none", "url(#c)"]
)
styled = st.builds(
    ' {}="{}"'.format,
    st.sampled_from(["fill", "stroke", "style", "clip-path", "id", "marker-end"]),
    paints,
)
plain = st.sampled_from(["", ' title="a > b"', " title='\"'", "\n data-a='&lt;image href=&quot;no.png&quot;/>'"])
names = st.sampled_from(["image", "use", "feImage", "script", "a", "rect", "svg:image", "linearGradient", "Image"])
empty = st.builds("<{}{}{}{}/>".format, names, plain, hrefs, styled)
sheets = st.sampled_from(
    [
        "<style>@import 'a.css'; a{b:url(x.png?a&amp;b)}</style>",
        "<style type='text/css'><![CDATA[a{b:url(x.png?a&b)} c>d{e:url('y.png')}]]></style>",
        "<svg:style>a{b:url(#c)}</svg:style>",
        "<style/>",
        "<style><!-- a{b:url(no.png)} --></style>",
    ]
)
hidden = st.sampled_from(
    ["<!-- <image href='no.png'/> -->", "<desc>href='no.png'</desc>", "<desc><![CDATA[<use href='no.svg'/>]]></desc>"]
)
heads = st.sampled_from(
    [
        "",
        '\ufeff<?xml version="1.0" encoding="utf-8"?>',
        "<?xml-stylesheet type='text/css' href='a.css?b&amp;c'?>\r\n",
        '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg"> <!ENTITY e "<a href=\'no.png\'/>">]>',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ]
)
bodies = st.lists(st.one_of(empty, sheets, hidden), max_size=6).map("".join)


@settings(max_examples=150)
@given(heads, bodies)
def test_what_is_found_and_edited_in_a_drawing_is_what_expat_sees(head: str, body: str) -> None:
    svg = f"{head}<svg xmlns:xlink='http://www.w3.org/1999/xlink'>{body}</svg>".encode()
    expected = drawings.expected(svg)
    assert expected is not None
    assert drawing_differences(svg, expected) == []
