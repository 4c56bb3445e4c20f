"""References in JavaScript: which are found, what they mean, and that an edit keeps the script whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build.trees import planned

from clearway.build import js, references
from clearway.build.urls import Urls

STATIC = [
    ('import "./x.js"', ["./x.js"]),
    ("import './x.js';", ["./x.js"]),
    ('import"./x.js"', ["./x.js"]),
    ('import a from "./x.js"\nlet b', ["./x.js"]),
    ('import a, {b as c} from "./x.js"', ["./x.js"]),
    ('import * as a from "./x.js"', ["./x.js"]),
    ('import{a}from"./x.js"', ["./x.js"]),
    ('import a,*as b from"./x.js"', ["./x.js"]),
    ('import {\n  a, // one\n  b, /* "two" */\n} from\n  "./x.js"', ["./x.js"]),
    ('import/**/{/**/}/**/from/**/"./x.js"', ["./x.js"]),
    ('import {"a b" as c} from "./x.js"', ["./x.js"]),
    ('import {import as a, export as b} from "./x.js"', ["./x.js"]),
    ('import {my_import, $import, importing} from "./x.js"', ["./x.js"]),
    ('import \\u0061bc from "./x.js"', ["./x.js"]),
    ('import défaut from "./x.js"', ["./x.js"]),
    ('import\u00a0a\u00a0from\u2003"./x.js"', ["./x.js"]),
    ('\ufeffimport "./x.js"', ["./x.js"]),
    ('let a = 1\u2028import "./x.js"', ["./x.js"]),
    ('// a comment\u2028import "./x.js"', ["./x.js"]),
    ('import a from "./x.json" with {type: "json"}', ["./x.json"]),
    ('import a from "./x.json" assert {type: "json"}', ["./x.json"]),
    ('import defer * as a from "./x.js"; import source b from "./y.wasm"', ["./x.js", "./y.wasm"]),
    (
        'import defer from "./x.js"; import source from from "./y.js"; import from, {a} from "./z.js"',
        ["./x.js", "./y.js", "./z.js"],
    ),
    ('import defer/**/* as a from "./x.js"; import from/**/from/**/"./y.js"', ["./x.js", "./y.js"]),
    ("import '\\x2e/x.js'", ["./x.js"]),
    ('import a\u00a0from\u2003"./x.js"; import é,{}from"./y.js"', ["./x.js", "./y.js"]),
    ('import 𠮷 from "./x.js"; import a𠮷 from "./y.js"; export\u3000*from "./z.js"', ["./x.js", "./y.js", "./z.js"]),
    ('import defer, {a} from "./x.js"; import source, * as b from "./y.js"', ["./x.js", "./y.js"]),
    ('export {a} from "./x.js"', ["./x.js"]),
    ('export{a as default}from"./x.js"', ["./x.js"]),
    ('export*from"./x.js"', ["./x.js"]),
    ('export * as a from "./x.js"', ["./x.js"]),
    ('export * as import from "./x.js"', ["./x.js"]),
    ('export {import} from "./x.js"', ["./x.js"]),
    ('export {a}\nimport "./x.js"', ["./x.js"]),
    ('export {a/*}*/} from "./x.js"; export {"}" as b}//\nfrom "./y.js"', ["./x.js", "./y.js"]),
    ('export {a}\u00a0from "./x.js"; export/**/*/**/from "./y.js"', ["./x.js", "./y.js"]),
    ('export {a}; export default "./x.js"', []),
    ('import "/static/x.js"', ["/static/x.js"]),
    ('import "https://cdn.example/x.js"', ["https://cdn.example/x.js"]),
    ('import "lodash"; import "@scope/x.js"; import "node:fs"; import "#own"', []),
]
DYNAMIC = [
    ('import("./x.js")', ["./x.js"]),
    ("import ( './x.js' )", ["./x.js"]),
    ("import(`./x.js`)", ["./x.js"]),
    ('import(/* webpackIgnore: true */ "./x.js")', ["./x.js"]),
    ('import("./x.js", {with: {type: "json"}})', ["./x.js"]),
    ('import("./x.js",)', ["./x.js"]),
    ('import.defer("./x.js")', ["./x.js"]),
    ('[...import("./x.js")]', ["./x.js"]),
    ('(a)=>import("./x.js").then(b)', ["./x.js"]),
    ('`${`${import("./x.js")}`} import("./y.js")`', ["./x.js"]),
    ("import(`./${a}.js`)", []),
    ('import("./" + a)', []),
    ('import . defer ( "./x.js" ); import.source(/**/"./y.wasm")', ["./x.js", "./y.wasm"]),
    ("import(a)", []),
    ('import("lodash")', []),
    ('a.import("./x.js"); a?.import("./x.js"); a\n . /* b */ import("./x.js")', []),
    ('reimport("./x.js"); $import("./x.js"); éimport("./x.js"); importé("./x.js")', []),
    ('\\u0061import("./x.js"); \\u{61}import("./x.js"); import\\u0061("./x.js")', []),
    ('class A { #import = 1; b() { this.#import("./x.js") } }', []),
    ('a = {import: "./x.js", "import": "./x.js"}', []),
]
META = [
    ('new URL("x.png", import.meta.url)', ["x.png"]),
    ("new URL('../x.png',import.meta.url,).href", ["../x.png"]),
    ("new URL(`x.png`, import.meta.url)", ["x.png"]),
    ('new /**/ URL (\n"x.png"\n,\nimport . meta . url\n)', ["x.png"]),
    ('new Worker(new URL("w.js", import.meta.url), {type: "module"})', ["w.js"]),
    ('new SharedWorker(new URL("w.js", import.meta.url))', ["w.js"]),
    ('navigator.serviceWorker.register(new URL("/sw.js", import.meta.url))', ["/sw.js"]),
    ('import.meta.resolve("./x.js")', ["./x.js"]),
    ('import.meta.resolve("lodash")', []),
    ('new URL(a, import.meta.url); new URL("x.png", document.baseURI); new URL("x.png")', []),
    ('URL("x.png", import.meta.url); new MyURL("x.png", import.meta.url); new a.URL("x.png", import.meta.url)', []),
    ('new URL("x.png", import.meta.urls); new URL("x.png", import.meta.url.href)', []),
    ('new Worker("w.js"); importScripts("./x.js"); self.importScripts("/static/x.js")', []),
    ('import.meta/**/.resolve("./x.js"); import/**/ . meta . resolve("./y.js")', ["./x.js", "./y.js"]),
]
NO_CODE = [
    ('// import "./x.js"\n/* import "./y.js" */', []),
    ('"import \'./x.js\'"; \'import "./y.js"\'; `import "./z.js"`', []),
    ('a = "\\" import(\'./x.js\')"; import("./y.js")', ["./y.js"]),
    ('/import(".\\/x.js")/.test(a); import("./y.js")', ["./y.js"]),
    ('/["\'`]/.test(a); import("./y.js")', ["./y.js"]),
    ('#!/usr/bin/env -S node --import "./x.js"\nimport "./y.js"', ["./y.js"]),
    ('<!-- import("./x.js")\n--> import("./x.js")\nimport("./y.js")', ["./y.js"]),
    ('if (a<!--b) import("./y.js")', ["./y.js"]),
    ('while (a-->0) import("./y.js")', ["./y.js"]),
]
MAPS = [
    ("a\n//# sourceMappingURL=a.js.map", ["a.js.map"]),
    ("a\n//# sourceMappingURL=a.js.map\n\n", ["a.js.map"]),
    ("a\r\n//# sourceMappingURL=a.js.map\r\n", ["a.js.map"]),
    ("a\n//@ sourceMappingURL=a.js.map", ["a.js.map"]),
    ("a;//# sourceMappingURL=a.js.map", ["a.js.map"]),
    ("a\n/*# sourceMappingURL=a.js.map */", ["a.js.map"]),
    ("//# sourceMappingURL=a.js.map\nb\n//# sourceMappingURL=b.js.map\nc", ["b.js.map"]),
    ("//# sourceMappingURL=a.js.map\nimport './x.js'", ["a.js.map", "./x.js"]),
    ("a = `\n//# sourceMappingURL=a.js.map\n`", []),
    ('a = "//# sourceMappingURL=a.js.map"', []),
    ("// as in //# sourceMappingURL=a.js.map", []),
    ("/*\n//# sourceMappingURL=a.js.map*/", []),
    ("//# sourceMappingURL=a b", []),
]


@pytest.mark.parametrize(("script", "urls"), STATIC + DYNAMIC + META + NO_CODE + MAPS)
def test_urls_are_found_where_a_script_has_them(script: str, urls: list[str]) -> None:
    assert found(script) == urls


def found(script: str) -> list[str]:
    return [reference.url for reference in references.find("a.mjs", script.encode())]


def test_every_kind_of_script_is_read() -> None:
    for name in ("a.js", "a.mjs", "a.cjs", "a.JS"):
        assert [each.url for each in references.find(name, b'import"./x.js"')] == ["./x.js"]


def test_a_position_is_an_offset_of_octets() -> None:
    data = "let ß; import('./bü.js')".encode()
    (reference,) = references.find("a.js", data)
    assert data[reference.start : reference.end] == "./bü.js".encode()


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (r"\x41\u0042\u{43}\u{000044}", "ABCD"),
        (r"\101\7\08", "A\x07\x008"),
        ("a\\\nb\\\r\nc\\\u2028d", "abcd"),
        (r"\n\t\b\v\f\r", "\n\t\b\v\f\r"),
        (r"\"\'\`\\\/\q", "\"'`\\/q"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d \udc80 \u{110000}", "\ufffd \ufffd \ufffd"),
    ],
)
def test_escapes_are_resolved(text: str, meaning: str) -> None:
    assert js.unescaped(text) == meaning


@pytest.mark.parametrize(
    ("script", "name"),
    [
        (rb"import './\x79.js'", "y.js"),
        (rb"import './it\'s.js'", "it's.js"),
        (b"import './it%27s.js'", "it's.js"),
        (b'import "./it\'s.js"', "it's.js"),
        (rb"import(`./a\`b/y.js`)", "a`b/y.js"),
        (rb"import(`./\${a}/y.js`)", "${a}/y.js"),
        (rb"import './\u{1f600}/y.js'", "😀/y.js"),
        (rb'import "./\"q\"/y.js"', '"q"/y.js'),
        (b"import './a\\\nb/y.js'", "ab/y.js"),
        (b"import './back%5Cslash.js'", "back\\slash.js"),
    ],
)
def test_an_edit_leaves_the_string_whole(script: bytes, name: str) -> None:
    assets = planned({"a.js": script, name: b"content"}).assets
    (old,), edited = references.find("a.js", script), assets["a.js"].read()
    (new,) = references.find("a.js", edited)
    assert (edited[: new.start], edited[new.end :]) == (script[: old.start], script[old.end :])
    assert Urls("/static/").target(new.url, "a.js") == assets[name].asset.name


def test_only_the_octets_of_the_url_change() -> None:
    script = (
        b"\xef\xbb\xbfimport {\xc3\xa9} from './y.js?v=1#a' // caf\xe9\r\nlet b\r\n//# sourceMappingURL=a.js.map\r\n"
    )
    assets = planned({"a.js": script, "y.js": b"content", "a.js.map": b"{}"}).assets
    y, source_map = (assets[name].asset.name.encode() for name in ("y.js", "a.js.map"))
    assert assets["a.js"].read() == script.replace(b"y.js", y).replace(b"a.js.map", source_map)


def test_modules_in_a_cycle_are_built() -> None:
    assets = planned({"a.js": b'import"./b.js"', "b.js": b'import"./a.js"', "c.js": b'import"./a.js"'}).assets
    names = {name: assets[name].asset.name for name in assets}
    assert assets["a.js"].read().decode() == f'import"./{names["b.js"]}"'
    assert assets["b.js"].read().decode() == f'import"./{names["a.js"]}"'


PIECES = [
    *("import", "export", "from", "as", "new", "URL", "meta", "url", "import.meta.url", "import(", "new URL(", "x"),
    *('"./x"', "'./y'", "`./z`", '"', "'", "`", "${", "}", "{", "(", ")", "[", "]", "/", "//", "/*", "*/", "*", ","),
    *(".", "\\", "\n", "\r\n", " ", ";", "=", "é", "<!--", "-->", "//# sourceMappingURL=", "#!", "\\u{61}", "if", "="),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text())
def test_nothing_is_too_odd_to_read(script: str) -> None:
    data = script.encode("utf-8", "surrogatepass")
    found = references.find("a.js", data)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert references.edited(data, [each.edit(data[each.start : each.end].decode()) for each in found]) is not None


@pytest.mark.parametrize(
    "piece",
    sorted(
        {
            *PIECES,
            "import/*",
            "=/[",
            "import a,",
            "import{a as import,",
            "{}/a/",
            "(import ",
            "export{a,",
            "export{}",
            "export*/",
            "import from ",
            "URL(",
            "import.meta.",
        }
    ),
)
def test_a_long_run_of_anything_is_read_in_linear_time(piece: str) -> None:
    references.find("a.js", (piece * 20_000).encode())
