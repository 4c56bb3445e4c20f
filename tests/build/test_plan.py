"""Names follow content; problems are told all at once."""

import random
from itertools import pairwise

import pytest
from tests.build.trees import TREE, names, planned, sources

from clearway.build import problems
from clearway.build.naming import hashed_name
from clearway.build.plan import plan
from clearway.build.sources import Source


def changed(before: dict[str, bytes], **changes: bytes) -> set[str]:
    after = before | {name.replace("__", "/").replace("_", "."): data for name, data in changes.items()}
    old, new = names(before), names(after)
    return {name for name in before if old[name] != new[name]}


def test_a_name_is_djangos_hash_of_the_final_octets() -> None:
    assert hashed_name("LICENSE", b"") == "LICENSE.d41d8cd98f00"
    assert hashed_name("a.b/c.tar.gz", b"") == "a.b/c.tar.d41d8cd98f00.gz"
    for name in ("css/site.css", "css/base.css", "img/a b.png"):
        asset = planned(TREE).assets[name]
        assert asset.asset.name == hashed_name(name, asset.read())


def test_the_order_of_sources_makes_no_difference() -> None:
    shuffled = sources(TREE)
    random.Random(1).shuffle(shuffled)
    assert plan(shuffled, "/static/").names() == names(TREE)


CHAIN = {
    "top.css": b'@import "a/b/c/middle.css";',
    "a/b/c/middle.css": b'@import "../../../leaf.css";',
    "leaf.css": b"a{b:url(x.png)}",
    "x.png": b"1",
    "other.css": b"a{b:url(y.png)}",
    "y.png": b"2",
}


def test_a_changed_leaf_renames_exactly_what_depends_on_it() -> None:
    assert changed(CHAIN, x_png=b"3") == {"x.png", "leaf.css", "a/b/c/middle.css", "top.css"}
    assert changed(CHAIN, y_png=b"3") == {"y.png", "other.css"}


def test_a_chain_has_no_limit() -> None:
    chain = {f"d/{'d/' * (n % 7)}{n}.css": b"" for n in range(300)}
    order = list(chain)
    for name, target in pairwise(order):
        chain[name] = f'@import "/static/{target}";'.encode()
    assert planned(chain).problems == ()
    last = order[-1]
    new = names(chain | {last: b"a{}"})
    assert all(new[name] != old for name, old in names(chain).items())


CYCLE = {
    "a.css": b'@import "b.css"; .a{}',
    "b.css": b'@import "c.css"; .b{}',
    "c.css": b'@import "a.css"; .c{b:url(x.png)}',
    "x.png": b"1",
    "user.css": b'@import "a.css";',
    "alone.css": b"a{b:url(y.png)}",
    "y.png": b"2",
    "self.css": b'@import "self.css";',
}


def test_members_of_a_cycle_refer_to_each_other_by_published_names() -> None:
    made = planned(CYCLE)
    assert made.names()["b.css"].encode() in made.assets["a.css"].read()
    assert made.names()["a.css"].encode() in made.assets["c.css"].read()
    assert made.names()["self.css"].encode() in made.assets["self.css"].read()
    assert len(set(made.names().values())) == len(CYCLE)


def test_a_cycle_is_renamed_as_a_whole_and_drags_nobody_else_in() -> None:
    assert changed(CYCLE, b_css=b'@import "c.css"; .new{}') == {"a.css", "b.css", "c.css", "user.css"}
    assert changed(CYCLE, x_png=b"3") == {"x.png", "a.css", "b.css", "c.css", "user.css"}
    assert changed(CYCLE, y_png=b"3") == {"y.png", "alone.css"}
    assert changed(CYCLE, user_css=b"a{}") == {"user.css"}


def test_all_problems_are_told_with_place_app_and_suggestion() -> None:
    files = {
        "a.css": b"a{}\nb{c:url(img/logo.pgn)}\n\nd{e:url(IMG/LOGO.PNG)}",
        "b.css": b'@import "../out.css";@import "gone.css"',
        "img/logo.png": b"",
    }
    made = plan(sources(files, app="shop"), "/static/")
    assert [f"{each.kind.id} {each}" for each in made.problems] == [
        "CW201 a.css:2 (shop): 'img/logo.pgn': there is no static file img/logo.pgn; did you mean img/logo.png?",
        "CW204 a.css:4 (shop): 'IMG/LOGO.PNG': there is no static file IMG/LOGO.PNG; did you mean img/logo.png?",
        "CW203 b.css:1 (shop): '../out.css': leads out of STATIC_URL, to /out.css",
        "CW201 b.css:1 (shop): 'gone.css': there is no static file gone.css",
    ]
    assert str(problems.error(made.problems)).startswith("4 problems stop the build; no release")
    assert problems.error(made.problems).files == ("a.css", "b.css")


@pytest.mark.parametrize(
    "text",
    [b"new URL('./api', import.meta.url)", b"new URL('../../api', import.meta.url)", b"import('./later.js')"],
)
def test_what_a_program_may_never_ask_for_is_a_warning_and_is_left_alone(text: bytes) -> None:
    made = plan(sources({"app/a.js": text}), "/static/")
    assert [each.kind.id for each in made.warnings] == ["CW205"]
    assert made.problems == ()
    assert made.assets["app/a.js"].read() == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.css", b"a{}/*# sourceMappingURL=a.map */"), ("a.js", b"//# sourceMappingURL=a.map")],
)
def test_a_missing_source_map_of_others_is_a_warning_and_is_left_alone(name: str, text: bytes) -> None:
    made = plan([Source(name, lambda: text, third_party=True)], "/static/")
    assert made.problems == ()
    assert [str(warning) for warning in made.warnings] == [f"{name}:1: 'a.map': there is no static file a.map"]
    assert made.assets[name].read() == text


def test_references_are_listed_once() -> None:
    made = planned({"a.css": b"a{b:url(x.png)}c{d:url(x.png#e);f:url(w.png)}", "x.png": b"1", "w.png": b"2"})
    assert made.assets["a.css"].asset.references == ("w.png", "x.png")


def test_a_source_is_read_once() -> None:
    reads: list[str] = []

    def read(name: str) -> bytes:
        reads.append(name)
        return CHAIN[name]

    plan([Source(name, lambda name=name: read(name)) for name in CHAIN], "/static/")  # type: ignore[misc]
    assert sorted(reads) == sorted(CHAIN)
