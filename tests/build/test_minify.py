"""Minifying: opt-in, the same bytes under every name, and never another meaning."""

import gzip
import sys
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from tests.build.trees import NOW, RECIPE, TREE, complaints, contents, places, sources

from clearway.build.minify import MissingExtraError, minifying
from clearway.build.naming import hashed_name
from clearway.build.pipeline import Built, build
from clearway.build.plan import Plan, plan
from clearway.build.texts import Finish, Reader

pytest.importorskip("rcssmin")
pytest.importorskip("rjsmin")

FINISH = minifying()
STYLE = b"/*! licence */\n/* note */\na {\n  color : red ;\n  background : url( 'x.png' )\n}\n" * 9


def planned(files: dict[str, bytes], finish: Finish = FINISH, named: tuple[str, ...] = ()) -> Plan:
    return plan(sources(files), "/static/", reader=Reader(finish=finish), named=dict.fromkeys(named, True))


def made(root: Path, files: dict[str, bytes], finish: Finish = FINISH) -> Built:
    recipe = replace(RECIPE, minify=finish.version)
    return build(planned(files, finish), recipe, places(root), NOW, 2)


def minified(name: str, data: bytes) -> bytes:
    return planned({name: data}).assets[name].read()


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.css", b"a {  b : c ; }  /* d */", b"a{b:c}"),
        ("a.css", b"/*! keep */ a { }", b"/*! keep */a{}"),
        ("a.css", b"a { width : calc( 1px + 2px ) }", b"a{width:calc(1px + 2px)}"),
        ("a.css", b"a { content : ' x  /* y */ ' }", b"a{content:' x  /* y */ '}"),
        ("a.js", b"let a  =  1 ;\n\n// note\nlet b = 2", b"let a=1;let b=2"),
        ("a.mjs", b"/*! keep */\nexport  const  a = 1", b"/*! keep */export const a=1"),
        ("a.js", b"a\n++b", b"a\n++b"),
        ("a.js", b"let a = `x  ${ y }  z` ; b", b"let a=`x  ${ y }  z`;b"),
        ("a.js", b"let a = /x  y/ ; b", b"let a=/x  y/;b"),
        ("A.JS", b"a  =  '\xff  \xfe'", b"a='\xff  \xfe'"),
        ("a.js", b"", b""),
    ],
)
def test_white_space_and_comments_go(name: str, before: bytes, after: bytes) -> None:
    assert minified(name, before) == after


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.js", b"let a = `x  ${ b  ? `in  ner  // not` : 1 }  y` ;\nlet c = 1"),
        ("a.js", b"let a = `${ `//` }   ` ;  1"),
        ("a.js", b"let f = () => /x  y/ ;  1"),
        ("a.js", b"function* g() { yield /x  y/ ;  1 }"),
        ("a.css", b'a { background : url( "data:x y  z" ) }'),
        ("a.min.js", b"let  a"),
        ("a.MIN.css", b"a { }"),
        ("a.json", b'{ "a" : 1 }'),
        ("a.svg", b"<svg>  </svg>"),
    ],
)
def test_what_the_tool_would_change_and_what_is_minified_is_left_alone(name: str, data: bytes) -> None:
    assert minified(name, data) == data


def test_every_variant_is_of_the_minified_bytes_and_sources_stay(tmp_path: Path) -> None:
    files = {"a.css": STYLE, "x.png": b"png"}
    (tmp_path / "a.css").write_bytes(STYLE)
    asset = made(tmp_path, files).release.assets["a.css"]
    identity = (tmp_path / asset.name).read_bytes()
    assert identity.count(b"/*! licence */") == 9
    assert b"note" not in identity
    assert hashed_name("x.png", b"png").encode() in identity
    assert gzip.decompress((tmp_path / f"{asset.name}.gz").read_bytes()) == identity
    assert brotli.decompress((tmp_path / f"{asset.name}.br").read_bytes()) == identity
    assert asset.name == hashed_name("a.css", identity)
    assert (tmp_path / "a.css").read_bytes() == STYLE
    assert complaints(tmp_path) == []


def test_the_output_of_a_bundler_is_left_alone() -> None:
    files = {"build/a.css": STYLE.replace(b"x.png", b"#"), "b.css": STYLE.replace(b"x.png", b"#")}
    found = planned(files, named=("build/a.css",))
    assert found.assets["build/a.css"].read() == files["build/a.css"]
    assert found.assets["b.css"].read() != files["b.css"]


def test_with_and_without_are_two_releases_that_share_no_changed_name(tmp_path: Path) -> None:
    plain = made(tmp_path / "plain", TREE, Finish())
    small = made(tmp_path / "small", TREE)
    assert plain.release.id != small.release.id
    one, two = contents(tmp_path / "plain"), contents(tmp_path / "small")
    same = {name for name in one.keys() & two.keys() if not name.startswith((".clearway", "staticfiles"))}
    assert all(one[name] == two[name] for name in same)
    assert complaints(tmp_path / "small") == []


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjsmin", None)
    with pytest.raises(MissingExtraError, match=r'^CLEARWAY\["minify"\] needs rjsmin: .*clearway\[minify\]"$'):
        minifying()
