"""References in style sheets against tinycss2, on generated text and on real sheets."""

import re
from pathlib import Path

import django.contrib.admin
import rest_framework
import wagtail
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.oracles.comparison import compare_sheets, files, ours_in_sheet
from tests.oracles.style_sheets import expected

PIECES = [
    *("url(", "URL( ", "src(", "image-set(", "@import", "@import ", "/*", "*/", '"', "'", "\\", ")", "(", "{", "}"),
    *("[", "]", ";", ",", ":", " ", "\n", "\r\n", "\f", "\t", "a", "x.png", "url", "import", "1", "-", "#", "@", "é"),
    *("\\75 ", "\\29", "<!--", "-->", "+", ".", "%", "/", "*", "?", "\x01", "\x00", "type(", "\\\\", "u", "+1"),
    *("\\75rl(", "u\\72l(", "\\@import", "@\\69mport ", "image\\2dset(", "-webkit-image-set(", "\\73rc(", "\\\n"),
    *("/*# sourceMappingURL=a.map */", "/*@ sourceMappingURL=", "url('x.png')", "@import 'a.css'", "/**/", "''", "my-"),
]
# Where tinycss2 leaves CSS: a backslash escapes a newline in an unquoted url(), and the end of the text; a newline may
# stand in a quoted url(); two backslashes and a bracket do not end a url() that is none; `u+1` is always one token.
LENIENT = re.compile(
    r"\([\s\S]*\\[\n\r\f]|\\\Z|\([ \t\n\r\f]*[\"'][^\n\r\f]*[\n\r\f]|\\\\\)|u\+[0-9a-f?]", re.IGNORECASE
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("image-set((')x.png'")
def test_what_is_found_is_what_tinycss2_finds(css: str) -> None:
    assume(not LENIENT.search(css))
    assert ours_in_sheet(css.encode()) == expected(css.encode())


# --- generated sheets: whole rules, most of which hold a reference

gaps = st.sampled_from(["", "", " ", "\n", "\r\n", "\t", "/**/", "/* url(no.png) */", " /* ' */ "])
spaces = st.sampled_from(["", " ", "\r\n\t", "\f"])
urls = st.sampled_from(
    ["x.png", "../a/b.css", "é.woff2", "a\\ b.png", "a\\(1\\).png", "\\78.png", "x\\2e png", "x.eot?#iefix", "%20.png"]
)
data = st.sampled_from(
    ["data:image/svg+xml;utf8,<svg xmlns=\\27 x\\27>", "data:,url(no.png)", "data:image/png;base64,A/*B"]
)


@st.composite
def quoted(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(['"{}"', "'{}'"])).format(draw(st.one_of(urls, data)))


unquoted = st.builds("url({}{}{})".format, spaces, urls, spaces)
calls = st.builds("{}({}{}{})".format, st.sampled_from(["url", "URL", "src", "u\\72l"]), spaces, quoted(), gaps)
images = st.one_of(unquoted, calls)
candidates = st.one_of(
    images,
    quoted(),
    st.builds("{}{}type({})".format, quoted(), gaps, quoted()),
    st.builds("{} calc(1x*(2))".format, images),
)
sets = st.builds(
    "{}({}{}{},{}{} 2x)".format,
    st.sampled_from(["image-set", "-webkit-image-set", "IMAGE-SET"]),
    *(gaps, candidates, gaps, gaps, candidates),
)
others = st.builds(
    "{}({}{})".format, st.sampled_from(["format", "local", "my-url", "url-prefix", "var", "#url"]), gaps, quoted()
)
declarations = st.builds("{}:{}{}{};".format, st.sampled_from(["src", "--a", "b"]), gaps, st.one_of(images, sets), gaps)
rules = st.one_of(
    st.builds("@import{}{} screen;".format, gaps, st.one_of(quoted(), images)),
    st.builds("a{{{}{}}}".format, declarations, declarations),
    st.builds("@media print{{a:not([b={}]){{{}}}}}".format, quoted(), declarations),
    st.builds("a{{content:{};b:{}}}".format, quoted(), others),
    st.builds("/*{}*/".format, quoted()),
    st.builds("/*# sourceMappingURL={} */\r\n".format, urls.filter(lambda url: " " not in url)),
)


@settings(max_examples=100)
@given(st.lists(rules, max_size=8).map("".join), st.sampled_from(["", "\ufeff", '@charset "utf-8";']))
def test_what_is_found_in_a_generated_sheet_is_what_tinycss2_finds(sheet: str, first: str) -> None:
    css = (first + sheet).encode()
    assert ours_in_sheet(css) == expected(css)


def test_the_oracle_gives_octets_and_values() -> None:
    css = "/* é\r\n */@import 'é\\2e css';\f a{b:url( x.png\t)}/*# sourceMappingURL=a.map */".encode()
    found = expected(css)
    assert [(place.kind, place.url) for place in found] == [
        ("import", "é.css"),
        ("url", "x.png"),
        ("source map", "a.map"),
    ]
    assert [css[place.start : place.end] for place in found] == ["é\\2e css".encode(), b"x.png", b"a.map"]


# --- real style sheets


def test_sheets_of_the_admin_the_rest_framework_and_wagtail() -> None:
    roots = [Path(str(module.__file__)).parent for module in (django.contrib.admin, rest_framework, wagtail)]
    tally = compare_sheets([path for root in roots for path in files(root, {".css"})])
    assert (tally.files > 25, tally.references > 50) == (True, True)
    assert tally.differences == []
