"""Layers whose files come and go: watched directories, and directories that are listed at every request."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from clearway.catalog.directory_files import FRESH_FOR, RELIST_AFTER, DirectoryFiles, WatchedFiles
from clearway.catalog.layer import UNREAD
from clearway.catalog.live_files import LiveFiles
from clearway.catalog.tree import Tree
from clearway.http.header_rules import HeaderRules

from .samples import URL, digest_tag, plant, tag_of


class Watched:
    """A watched directory that counts how often it is listed."""

    def __init__(self, root: Path, below: tuple[str, ...] = ("CACHE/",)) -> None:
        self.root, self.listings = root, 0
        self.layer = WatchedFiles(self._list, below, os.fspath(root))

    def _list(self) -> DirectoryFiles:
        self.listings += 1
        return DirectoryFiles(Tree(os.fspath(self.root)), HeaderRules(), URL)


@pytest.fixture
def watched(tmp_path: Path, clock: SimpleNamespace) -> Watched:
    return Watched(plant(tmp_path, {"CACHE/a.css": b"a"}))


@pytest.mark.parametrize(
    "name", ["CACHE/b.css", "CACHE/css/b.css", "CACHE/new/b.css", "CACHE/new/deep/b.css", "late/b.css", "far/off/b.css"]
)
def test_a_new_file_is_found_at_once(tmp_path: Path, clock: SimpleNamespace, name: str) -> None:
    root = plant(tmp_path, {"CACHE/a.css": b"a", "CACHE/css/a.css": b"a", "far/x": b""})
    for directory in (root, root / "far", root / "CACHE", root / "CACHE" / "css"):
        os.utime(directory, (1, 1))  # so long ago that the clock of the file system has gone on
    watched = Watched(root, ("CACHE/", "late/", "far/off/"))
    assert watched.layer.find(name) is None
    plant(root, {name: b"b"})
    assert watched.layer.find_in_memory(name) is UNREAD
    assert tag_of(watched.layer.find(name)) == digest_tag(b"b")
    assert tag_of(watched.layer.find_in_memory(name)) == digest_tag(b"b")


def test_a_file_that_came_without_a_trace_is_found_once_the_listing_is_old(
    watched: Watched, clock: SimpleNamespace
) -> None:
    before = (watched.root / "CACHE").stat()
    plant(watched.root, {"CACHE/b.css": b"b"})
    os.utime(watched.root / "CACHE", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert watched.layer.find("CACHE/b.css") is None
    clock.now += RELIST_AFTER
    assert watched.layer.find("CACHE/b.css") is None
    clock.now += 0.001
    assert watched.layer.find_in_memory("CACHE/b.css") is UNREAD
    assert tag_of(watched.layer.find("CACHE/b.css")) == digest_tag(b"b")
    assert watched.listings == 2


def test_misses_list_at_most_once_a_second_while_nothing_changes(watched: Watched, clock: SimpleNamespace) -> None:
    for tenth in range(41):
        assert watched.layer.find(f"CACHE/{tenth}.css") is None
        clock.now += 0.1
    assert 4 <= watched.listings <= 5


@pytest.mark.parametrize("name", ["other/b.css", "CACHE", "xCACHE/b.css", "cache/b.css", ""])
def test_misses_elsewhere_never_list(watched: Watched, clock: SimpleNamespace, name: str) -> None:
    clock.now += 1000
    assert watched.layer.find_in_memory(name) is None
    assert watched.layer.find(name) is None
    assert watched.listings == 1


def test_hits_never_list(watched: Watched, clock: SimpleNamespace) -> None:
    for _ in range(5):
        clock.now += 1000
        assert tag_of(watched.layer.find("CACHE/a.css")) == digest_tag(b"a")
    assert watched.listings == 1


def test_a_file_that_went_is_missed_and_one_that_changed_is_new(watched: Watched, clock: SimpleNamespace) -> None:
    watched.layer.find("CACHE/a.css")
    plant(watched.root, {"CACHE/a.css": b"changed"})
    clock.now += FRESH_FOR * 2
    assert tag_of(watched.layer.find("CACHE/a.css")) == digest_tag(b"changed")
    (watched.root / "CACHE/a.css").unlink()
    assert watched.layer.reread("CACHE/a.css") is None
    clock.now += 1000
    assert watched.layer.find("CACHE/a.css") is None


def test_a_directory_that_appears_is_found(tmp_path: Path, clock: SimpleNamespace) -> None:
    watched = Watched(tmp_path, ("one/", "two/"))
    plant(tmp_path, {"two/a.css": b"a", "three/a.css": b"a"})
    clock.now += 1000
    assert tag_of(watched.layer.find("two/a.css")) == digest_tag(b"a")
    assert watched.layer.find("three/a.css") is watched.layer.reread("three/a.css") is None


# --- listed at every request


@pytest.fixture
def live(tmp_path: Path) -> Callable[[str], object]:
    return LiveFiles(Tree(os.fspath(tmp_path)), HeaderRules(), URL).find


def test_every_change_is_seen_at_once(tmp_path: Path, live: Callable[[str], object]) -> None:
    assert live("a.css") is None
    plant(tmp_path, {"a.css": b"a"})
    assert tag_of(live("a.css")) == digest_tag(b"a")
    plant(tmp_path, {"a.css": b"b"})
    assert tag_of(live("a.css")) == digest_tag(b"b")
    (tmp_path / "a.css").unlink()
    assert live("a.css") is None


def test_nothing_is_known_in_memory(tmp_path: Path) -> None:
    made = LiveFiles(Tree(os.fspath(plant(tmp_path, {"a": b""}))), HeaderRules(), URL)
    made.find("a")
    assert [made.find_in_memory(name) for name in ("a", "b", "")] == [UNREAD] * 3


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", ".env", "d/../a", "a/", "d\\a", "a\0", "link", "//a", "d"]
)
def test_requests_cannot_lead_elsewhere(tmp_path: Path, name: str) -> None:
    root = plant(tmp_path / "root", {"a": b"", "d/a": b"", ".env": b"", "link": "../secret"})
    plant(tmp_path, {"secret": b"s"})
    assert LiveFiles(Tree(os.fspath(root)), HeaderRules(), URL).find(name) is None
