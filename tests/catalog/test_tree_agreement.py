"""Walking a tree and locating one name agree, on random trees of files, directories and links."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearway.catalog.directory_files import DirectoryFiles, locate_codings
from clearway.catalog.live_files import LiveFiles
from clearway.catalog.tree import Tree, pair
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Redirect, Resource

from .samples import NAMES

PARTS = st.sampled_from(("a.css", "a.css", "a.css.gz", "d", "d", "e", "e", ".h", "index.html"))
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
OUTSIDE = "an absolute path"
TARGETS = st.sampled_from(("a.css", "d", "..", ".", "../d", "../../out", OUTSIDE, "d/a.css", "nowhere", "e/d", ".h"))
TREES = st.lists(st.tuples(PATHS, st.none() | TARGETS, st.sampled_from((1, 2))), max_size=8)
SPELLINGS = (
    "{}/", "/{}", "./{}", "{}\0", "{}/.", "{}//", "d/../{}", "../root/{}", "{}.gz", "{}/a.css", "{}\\", "d//{}",
)  # fmt: skip


def grow(root: Path, entries: list[tuple[str, str | None, int]]) -> None:
    """Make files and links where nothing is in the way."""
    root.mkdir()
    (root.parent / "out").mkdir()
    (root.parent / "out/a.css").write_bytes(b"out")
    for name, target, time in entries:
        path = root / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or root not in (path.parent.resolve(), *path.parent.resolve().parents):
                continue
            if target is None:
                path.write_bytes(name.encode())
                os.utime(path, (time, time))
            else:
                path.symlink_to(root.parent / "out/a.css" if target == OUTSIDE else target)
        except OSError:
            continue


def reachable(directory: Path, depth: int = 4) -> set[str]:
    """The names of all files, whatever links and loops lead there."""
    found = set()
    for entry in directory.iterdir() if depth else ():
        if entry.is_dir():
            found |= {f"{entry.name}/{rest}" for rest in reachable(entry, depth - 1)}
        elif entry.is_file():
            found.add(entry.name)
    return found


def is_public(root: Path, name: str) -> bool:
    """Neither hidden, nor outside, nor through a directory that was passed before."""
    path, passed = root, [root]
    for part in name.split("/"):
        path = (path / part).resolve()
        if part.startswith(".") or root not in path.parents or path in passed:
            return False
        passed.append(path)
    return True


def candidates(listed: set[str]) -> set[str]:
    """Names that are spelled nearly like one of these."""
    near = {spelling.format(name) for name in listed for spelling in SPELLINGS}
    return near | {name.swapcase() for name in listed} | {name.rpartition("/")[0] for name in listed} | {""}


@settings(max_examples=100)
@given(TREES, st.lists(PATHS | NAMES, max_size=6))
@example([("d/a.css", None, 1), ("d/e", ".", 1)], [])
@example([("d/a.css", None, 1), ("e/a.css", None, 1), ("d/e", "../e", 1), ("e/d", "../d", 1)], [])
def test_locating_finds_what_walking_lists_and_nothing_else(
    entries: list[tuple[str, str | None, int]], others: list[str]
) -> None:
    with TemporaryDirectory() as name:
        root = Path(name).resolve() / "root"
        grow(root, entries)
        tree = Tree(str(root))
        walked = tree.walk()
        there = reachable(root)
        public = {each for each in there if is_public(root, each)}
        assert {each for each in walked if each.count("/") < 4} == public
        assert {each for each in there if tree.locate(each)} == public
        assert {each: tree.locate(each) for each in walked} == walked
        for other in (candidates(set(walked)) | set(others)) - set(walked):
            assert tree.locate(other) is None
        codings = pair(walked)
        assert {each: locate_codings(tree, each) for each in codings} == codings
        for file in walked.values():
            assert root in Path(file.path).resolve().parents


@settings(max_examples=60)
@given(TREES, st.sampled_from((None, "index.html")))
def test_a_listed_and_a_live_directory_answer_alike(
    entries: list[tuple[str, str | None, int]], index_file: str | None
) -> None:
    with TemporaryDirectory() as name:
        root = Path(name).resolve() / "root"
        grow(root, entries)
        tree = Tree(str(root))
        listed = DirectoryFiles(tree, HeaderRules(), "/static/", index_file=index_file)
        live = LiveFiles(tree, HeaderRules(), "/static/", index_file=index_file)
        walked = set(tree.walk())
        for each in walked | candidates(walked):
            one, other = listed.find(each), live.find(each)
            if isinstance(one, Resource):
                assert isinstance(other, Resource)
                assert one.representations == other.representations
            elif isinstance(one, Redirect) or not each.endswith((".gz", ".br")):
                assert one == other
