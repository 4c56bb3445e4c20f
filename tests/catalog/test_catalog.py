"""The catalog: mounts over mounts, who owns a miss, and that memory and disk tell the same."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from clearway.catalog import directory_files
from clearway.catalog.catalog import Catalog, Mount
from clearway.catalog.directory_files import FRESH_FOR, DirectoryFiles, WatchedFiles
from clearway.catalog.layer import UNREAD, Known
from clearway.catalog.live_files import LiveFiles
from clearway.catalog.tree import Tree
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Missing, Passed, Redirect, Resource

from .samples import digest_tag, tag_of

RULES = HeaderRules()
MISSING = Missing(RULES.shared)


class Names:
    """A layer that knows these names, by heart."""

    def __init__(self, known: Mapping[str, str], gone: bool = False) -> None:
        self._known = {name: Redirect(location) for name, location in known.items()}
        self._gone = gone

    def find(self, name: str) -> Known | None:
        return self._known.get(name)

    find_in_memory = find

    def reread(self, name: str) -> Known | None:
        return None if self._gone else self._known.get(name)


def location(found: object) -> object:
    return found.location if isinstance(found, Redirect) else found


def mount(prefix: str, *layers: Mapping[str, str], miss: Missing | Passed | None = None) -> Mount:
    return Mount(prefix, tuple(map(Names, layers)), miss)


# --- mounts


def test_the_first_layer_that_knows_a_name_answers() -> None:
    catalog = Catalog([mount("/s/", {"a": "1"}, {"a": "2", "b": "2"})])
    assert [location(catalog.find(f"/s/{name}")) for name in "abc"] == ["1", "2", None]


def test_a_later_mount_wins_and_an_earlier_one_fills_in() -> None:
    catalog = Catalog([mount("/s/", {"a": "1", "b": "1"}), mount("/s/", {"a": "2"})])
    assert [location(catalog.find(f"/s/{name}")) for name in "ab"] == ["2", "1"]
    catalog.add(mount("/", {"s/a": "3"}))
    catalog.add(mount("/s/deep/", {"x": "4"}))
    assert [location(catalog.find(path)) for path in ("/s/a", "/s/b", "/s/deep/x")] == ["3", "1", "4"]
    assert [each.prefix for each in catalog.mounts] == ["/s/deep/", "/", "/s/", "/s/"]


@pytest.mark.parametrize("path", ["/sa", "/s", "s/a", "/S/a", "//s/a", "/x/s/a", "", "/", "/s//a", "/s/a/"])
def test_a_prefix_is_matched_exactly(path: str) -> None:
    catalog = Catalog([mount("/s/", {"a": "1", "": "1"})])
    assert catalog.find(path) is catalog.find_in_memory(path) is catalog.reread(path) is None


PASSED = Passed()


@pytest.mark.parametrize(
    ("misses", "miss"),
    [
        ([None], None),
        ([MISSING], MISSING),
        ([PASSED], PASSED),
        ([MISSING, PASSED], PASSED),
        ([PASSED, MISSING], MISSING),
        ([MISSING, None], MISSING),
        ([None, MISSING], MISSING),
        ([MISSING, Missing()], Missing()),
        ([], None),
    ],
)
def test_the_last_mount_that_says_so_owns_a_miss(misses: list[Missing | Passed | None], miss: object) -> None:
    catalog = Catalog([mount("/s/", {"a": "1"}, miss=each) for each in misses])
    assert catalog.find("/s/b") == catalog.find_in_memory("/s/b") == catalog.reread("/s/b") == miss
    assert catalog.find("/other") is None


def test_a_miss_of_an_inner_mount_is_asked_of_the_outer_one_first() -> None:
    catalog = Catalog([mount("/", {"s/a": "root"}), mount("/s/", {}, miss=MISSING)])
    assert location(catalog.find("/s/a")) == "root"
    assert catalog.find("/s/b") == MISSING
    assert catalog.find("/b") is None


def test_a_foreign_prefix_is_never_answered_as_a_miss() -> None:
    mounts = [mount("/s/", {"a": "1", "media/b": "2"}, miss=MISSING), mount("/m/s/", {"a": "3"}, miss=MISSING)]
    catalog = Catalog([*mounts, mount("/", {}, miss=MISSING)], ("/s/media/", "/m/"))
    assert location(catalog.find("/s/media/b")) == "2"
    assert location(catalog.find("/m/s/a")) == "3"
    for look_up in (catalog.find, catalog.find_in_memory, catalog.reread):
        assert look_up("/s/media/c") is None
        assert look_up("/s/mediac") == look_up("/s/c") == MISSING
        assert look_up("/m/x") is None
        assert look_up("/m/s/x") == PASSED  # below both: ours or the application's
    assert Catalog([mount("/s/", {}, miss=PASSED)], ["/s/"]).find("/s/a") is None


# path below the script name, script name, what is answered there
BELOW_A_SCRIPT_NAME = [
    ("/s/a", "/app", "without"),
    ("/t/a", "/app", "with"),
    ("/t/a", "", None),
    ("/t/a", "/other", None),
    ("/s/none", "/app", MISSING),
    ("/t/none", "/app", MISSING),
    ("/s/media/none", "/app", None),
    ("/t/media/none", "/app", None),  # a foreign prefix without the script name, below one with it
    ("/s/deep/none", "/app", None),  # and the other way round
    ("/page", "/app", None),
    ("/page", "/whole", None),  # a prefix that is the script name: all pages of the application lie there
    ("/a", "/whole", "root"),
]


@pytest.mark.parametrize(("path", "script", "answer"), BELOW_A_SCRIPT_NAME)
def test_a_prefix_may_hold_the_script_name_or_not(path: str, script: str, answer: object) -> None:
    mounts = [
        mount("/s/", {"a": "without"}, miss=MISSING),
        mount("/app/t/", {"a": "with"}, miss=MISSING),
        mount("/whole/", {"a": "root"}, miss=MISSING),
    ]
    catalog = Catalog(mounts, ("/s/media/", "/t/media/", "/app/s/deep/"))
    for look_up in (catalog.find, catalog.find_in_memory, catalog.reread):
        assert location(look_up(path, script)) == answer


def test_rereading_goes_on_to_the_next_that_has_the_file() -> None:
    gone, here = Names({"a": "1"}, gone=True), Names({"a": "2", "b": "2"})
    assert location(Catalog([Mount("/s/", (gone, here), MISSING)]).reread("/s/a")) == "2"
    assert location(Catalog([Mount("/s/", (here,)), Mount("/s/", (gone,))]).reread("/s/a")) == "2"
    assert Catalog([Mount("/s/", (gone,), MISSING)]).reread("/s/a") == MISSING


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("/", "/s/", "/s/t/", "/u/")),
            st.sets(st.sampled_from(("a", "t/a", "s/a", "s/t/a"))),
            st.sampled_from((None, MISSING, PASSED)),
        ),
        max_size=5,
    ),
    st.sets(st.sampled_from(("/", "/s/", "/s/t/"))),
)
def test_the_catalog_is_what_a_plain_search_finds(
    rows: list[tuple[str, set[str], Missing | Passed | None]], foreign: set[str]
) -> None:
    mounts = [mount(prefix, dict.fromkeys(known, str(at)), miss=miss) for at, (prefix, known, miss) in enumerate(rows)]
    catalog = Catalog(mounts, tuple(foreign))

    def theirs(path: str) -> list[str]:
        return [each for each in tuple(foreign) if path.startswith(each)][:1]

    for path in ("/a", "/s/a", "/s/t/a", "/s/t/b", "/u/a", "/b", "/s/b"):
        below = [(at, row) for at, row in enumerate(rows) if path.startswith(row[0])][::-1]
        hits = [str(at) for at, (prefix, known, _) in below if path.removeprefix(prefix) in known]
        owned = [(prefix, miss) for _, (prefix, _, miss) in below if miss and prefix != "/"]
        inner = [PASSED] if any(len(prefix) > len(each) for prefix, _ in owned for each in theirs(path)) else []
        owners = inner if theirs(path) else [miss for _, miss in owned]
        assert location(catalog.find(path)) == (hits or owners or [None])[0]
        assert catalog.find_in_memory(path) == catalog.find(path)


# --- memory and disk

FILES = ("a.css", "a.css.gz", "CACHE/b.css", "d/index.html")
PATHS = ("/s/t/a.css", "/other", *(f"/s/{name}" for name in (*FILES, "d/", "d", "", "never")))


class Disk(RuleBasedStateMachine):
    """Files that come, change and go below two mounts; every path is asked of both sides after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.root = Path(self.folder.name) / "root"
        (self.root / "CACHE").mkdir(parents=True)
        (self.root / "d").mkdir()
        for name in FILES:
            (self.root / name).write_bytes(name.encode())
        self.clock, self.real = SimpleNamespace(now=0.0), directory_files.time
        directory_files.time = SimpleNamespace(monotonic=lambda: self.clock.now)  # type: ignore[assignment]
        tree, cache = Tree(os.fspath(self.root)), Tree(os.fspath(self.root), only=frozenset({"CACHE"}))
        layers = (
            DirectoryFiles(tree, RULES, "/s/", index_file="index.html"),
            WatchedFiles(lambda: DirectoryFiles(cache, RULES, "/s/"), ("CACHE/",), tree.root),
        )
        self.catalog = Catalog([Mount("/s/", layers, MISSING), Mount("/s/t/", (LiveFiles(tree, RULES, "/s/t/"),))])

    def teardown(self) -> None:
        directory_files.time = self.real
        self.folder.cleanup()

    @rule(name=st.sampled_from(FILES), content=st.binary(max_size=3))
    def write(self, name: str, content: bytes) -> None:
        self.remove(name)
        (self.root / name).write_bytes(content)

    @rule(name=st.sampled_from(FILES))
    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    @rule(name=st.sampled_from(FILES), to=st.sampled_from(("../secret", "d/index.html", "../root/a.css")))
    def link(self, name: str, to: str) -> None:
        self.remove(name)
        (self.root / name).symlink_to(to)

    @rule(seconds=st.sampled_from((FRESH_FOR / 2, FRESH_FOR * 2, 5.0)))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule(path=st.sampled_from(PATHS))
    def reread(self, path: str) -> None:
        found = self.catalog.reread(path)
        assert found is None or isinstance(found, Known | Missing | Passed)
        assert isinstance(found, Known) or not isinstance(self.catalog.find_in_memory(path), Resource)
        file = self.root / path.removeprefix("/s/").removeprefix("t/")
        if isinstance(found, Resource) and file.is_file():
            assert tag_of(found) == digest_tag(file.read_bytes())

    @rule(path=st.sampled_from(PATHS))
    def find(self, path: str) -> None:
        """Once read, memory tells the same, if it tells at all."""
        before = self.catalog.find_in_memory(path)
        found = self.catalog.find(path)
        after = self.catalog.find_in_memory(path)
        assert before is UNREAD or before is found or before == found
        assert after is UNREAD or after == found
        if isinstance(found, Resource) and not path.startswith("/s/t/"):
            assert after is found

    @invariant()
    def nothing_from_outside_is_answered(self) -> None:
        for path in PATHS:
            known = self.catalog.find_in_memory(path)
            if isinstance(known, Resource):
                assert all(each.file.path.startswith(f"{self.root}/") for each in known.representations)


TestDisk = Disk.TestCase
TestDisk.settings = settings(max_examples=25, stateful_step_count=20)
