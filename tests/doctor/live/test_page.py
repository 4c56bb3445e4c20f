"""What pages, style sheets and scripts make a browser ask for."""

import pytest

from clearway.doctor.live.page import candidates, wanted_by
from clearway.doctor.live.referred import absolute, referred

PAGE = "https://shop.example/cart/"


def asked(text: str, policy: str = "") -> list[tuple[str, str]]:
    return [(each.kind, each.url.removeprefix("https://shop.example")) for each in wanted_by(text, PAGE, policy)]


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        ('<link rel="stylesheet" href="/a.css">', "style", "/a.css"),
        ('<LINK REL="alternate StyleSheet" HREF="a.css">', "style", "/cart/a.css"),
        ('<link rel="shortcut icon" href="../f.ico">', "icon", "/f.ico"),
        ('<link rel="apple-touch-icon" href="/t.png">', "icon", "/t.png"),
        ('<link rel="manifest" href="/m.webmanifest">', "manifest", "/m.webmanifest"),
        ('<link rel="modulepreload" href="/m.js">', "module", "/m.js"),
        ('<link rel="preload" as="font" href="/f.woff2" crossorigin>', "font", "/f.woff2"),
        ('<link rel="preload" as="style" href="/p.css">', "style", "/p.css"),
        ('<script src="/a.js?v=1#x"></script>', "script", "/a.js?v=1"),
        ('<script src="//shop.example/a.js" defer></script>', "script", "/a.js"),
        ('<script type="module" src="/a.js"></script>', "module", "/a.js"),
        ('<script type="text/javascript" src="/a.js"></script>', "script", "/a.js"),
        ('<script type="module">import x from "/m.js"</script>', "module", "/m.js"),
        ('<script>import("./m.js")</script>', "module", "/cart/m.js"),
        ('<script type="importmap">{"imports": {"x": "/x.js", "y/": "/y/"}}</script>', "module", "/x.js"),
        ("<style>@import 'a.css';</style>", "style", "/cart/a.css"),
        ("<style>b { background: url(/a.png) }</style>", "image", "/a.png"),
        ("<style>@font-face { src: url(/f.woff2) format('woff2') }</style>", "font", "/f.woff2"),
        ("<p style=\"background: url('/a b.png')\">", "image", "/a b.png"),
        ('<img src="/a.png">', "image", "/a.png"),
        ('<img data-src="/no.png" srcset="/b.png 2x">', "image", "/b.png"),
        ('<picture><source srcset="/c.avif" type="image/avif"></picture>', "image", "/c.avif"),
        ('<video poster="/p.jpg"></video>', "image", "/p.jpg"),
        ('<video src="/v.mp4"></video>', "media", "/v.mp4"),
        ('<input type="image" src="/i.png">', "image", "/i.png"),
        ('<svg><use href="/s.svg#icon"></use></svg>', "image", "/s.svg"),
        ('<svg><image xlink:href="/s.png"/></svg>', "image", "/s.png"),
        ('<base href="/other/"><img src="a.png">', "image", "/other/a.png"),
    ],
)
def test_each_is_asked_for_once(text: str, kind: str, url: str) -> None:
    assert asked(text) == [(kind, url)]


@pytest.mark.parametrize(
    "text",
    [
        '<!-- <img src="/a.png"> -->',
        '<a href="/a.css">',
        '<iframe src="/page/"></iframe>',
        '<template><img src="/a.png"></template>',
        '<noscript><link rel="stylesheet" href="/a.css"></noscript>',
        '<script type="text/template"><img src="/a.png"></script>',
        '<script type="application/json">{"src": "/a.js"}</script>',
        '<script nomodule src="/old.js"></script>',
        '<link rel="canonical" href="/">',
        '<link rel="preload" href="/api/data" as="fetch">',
        '<link rel="stylesheet" href="/a.css" disabled>',
        '<input src="/a.png">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="">',
        '<img src="http://[">',
        '<svg><use href="#icon"></use></svg>',
        '<script type="importmap">{"imports": 3}</script>',
        '<script type="importmap">nonsense</script>',
        "<script>var text = \"import('./a.js')\"</script>",
        "<style>@font-face { src: url(/f.eot); }</style>",
        "<style>@font-face { src: url('/f.svg#f') format('svg'); }</style>",
        "<style>b { behavior: url(#default) }</style>",
    ],
)
def test_what_no_browser_asks_for(text: str) -> None:
    assert asked(text) == []


def test_how_it_is_asked_for_and_where_it_stands() -> None:
    text = '\n<script type="module" src="/a.js"></script>\n<img crossorigin="use-credentials" src="/a.png">'
    module, image = wanted_by(text, PAGE)
    assert (module.cors, module.line, module.by, module.page) == ("anonymous", 2, PAGE, PAGE)
    assert (image.cors, image.line) == ("use-credentials", 3)


def test_a_line_inside_of_a_style_sheet_of_the_page() -> None:
    assert [each.line for each in wanted_by("<p>\n<style>\n\nb { background: url(/a.png) }</style>", PAGE)] == [4]


def test_a_page_may_ask_for_everything_by_https() -> None:
    text = '<img src="http://shop.example/a.png">'
    assert [each.url for each in wanted_by(text, PAGE)] == ["http://shop.example/a.png"]
    assert asked(text, "upgrade-insecure-requests") == [("image", "/a.png")]
    meta = '<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests">'
    assert asked(meta + text) == [("image", "/a.png")]


def test_digests_are_remembered() -> None:
    (wanted,) = wanted_by('<script src="/a.js" integrity="sha384-x"></script>', PAGE)
    assert wanted.integrity == "sha384-x"


@pytest.mark.parametrize(
    ("srcset", "urls"),
    [
        ("a.png", ["a.png"]),
        ("a.png 1x, b.png 2x", ["a.png", "b.png"]),
        ("a.png 100w,b.png 200w", ["a.png", "b.png"]),
        (" , a.png, b.png ,", ["a.png", "b.png"]),
        ("a,b.png 2x, c.png", ["a,b.png", "c.png"]),
        ("a.png calc(1, 2), b.png", ["a.png", "b.png"]),
        ("", []),
    ],
)
def test_candidates(srcset: str, urls: list[str]) -> None:
    assert list(candidates(srcset)) == urls


@pytest.mark.parametrize(
    ("name", "text", "kinds"),
    [
        (
            "a.css",
            '@import "b.css"; @font-face { src: url(f.ttf) } b { mask: url(m.svg#x) }',
            ["style", "font", "image"],
        ),
        ("a.css", "/*# sourceMappingURL=a.css.map */", ["map"]),
        ("a.js", 'import "./b.js"; export * from "./c.mjs"; import("./d.js");', ["module"] * 3),
        ("a.js", 'new URL("./w.wasm", import.meta.url); new URL("/api/x", import.meta.url)', ["other"]),
        ("a.js", 'import "lodash"; import("./" + name)', []),
        ("a.js", "x\n//# sourceMappingURL=a.js.map\n", ["map"]),
        ("a.webmanifest", '{"icons": [{"src": "i.png"}]}', ["image"]),
    ],
)
def test_what_files_refer_to(name: str, text: str, kinds: list[str]) -> None:
    found = list(referred(name, text.encode(), f"{PAGE}x/{name}", PAGE))
    assert [each.kind for each in found] == kinds
    assert all(each.by == f"{PAGE}x/{name}" for each in found)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("a.png", "https://shop.example/cart/a.png"),
        (" /a.png#x ", "https://shop.example/a.png"),
        ("mailto:a@b", ""),
        ("javascript:void(0)", ""),
        ("http://shop.example:port/", ""),
    ],
)
def test_absolute(written: str, url: str) -> None:
    assert absolute(PAGE, written) == url
