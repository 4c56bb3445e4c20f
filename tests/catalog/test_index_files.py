"""Directories as URLs: which file stands for one, and where its other spellings lead."""

from collections.abc import Collection
from dataclasses import dataclass

import pytest

from clearway.catalog.catalog import Mount
from clearway.catalog.index_files import BareDirectory, IndexFile, mounts_of
from clearway.catalog.layer import UNREAD
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Missing, Resource

RULES = HeaderRules(max_age=7)
NAMES = ("index.html", "d/index.html", "d/e/index.html", "d/a.css", "f/myindex.html")


@dataclass
class Names:
    """A layer that knows some names."""

    known: Collection[str]

    def find(self, name: str) -> Resource | None:
        return Resource((), None, ()) if name in self.known else None

    reread = find

    def find_in_memory(self, name: str) -> Resource | None:
        return self.find(name)


@pytest.mark.parametrize(
    ("name", "file_name", "location"),
    [
        ("", "index.html", None),
        ("d/", "d/index.html", None),
        ("d", "d", "./d/"),
        ("d/e", "d/e", "./e/"),
        ("index.html", "index.html", "./"),
        ("d/index.html", "d/index.html", "./"),
        ("x/index.html", "x/index.html", None),
        ("d/a.css", "d/a.css", None),
        ("f", "f", None),
        ("f/myindex.html", "f/myindex.html", None),
        ("d//", "d//index.html", None),
    ],
)
def test_names_with_an_index_file(name: str, file_name: str, location: str | None) -> None:
    index_file = IndexFile("index.html", RULES)
    assert index_file.file_name(name) == file_name
    assert index_file.redirect(name, NAMES.__contains__) == (RULES.redirect(location) if location else None)
    assert index_file.is_spelled(name) is (name.rpartition("/")[2] == "index.html")


@pytest.mark.parametrize("name", ["", "d", "d/", "index.html", "d/index.html"])
def test_without_an_index_file_every_name_is_its_own(name: str) -> None:
    index_file = IndexFile(None, RULES)
    assert (index_file.file_name(name), index_file.is_spelled(name)) == (name, False)
    assert index_file.redirect(name, NAMES.__contains__) is None


def test_a_prefix_without_its_slash_leads_to_it_when_it_has_an_index_file() -> None:
    mount = Mount("/a/b/", (Names({"x"}), Names({""})), Missing())
    bare, same = mounts_of(mount, "index.html", RULES)
    assert same is mount
    assert (bare.prefix, bare.miss) == ("/a/", None)
    assert bare.find("/a/b") == RULES.redirect("./b/")
    assert [bare.find(path) for path in ("/a/", "/a/c", "/a/b/", "/a/b/x", "/a/bb")] == [None] * 5
    assert bare.find_in_memory("/a/b") is UNREAD
    assert bare.find_in_memory("/a/c") is None


@pytest.mark.parametrize(("prefix", "index_file"), [("/", "index.html"), ("/a/", None)])
def test_there_is_nothing_to_add_to_the_whole_site_or_without_index_files(prefix: str, index_file: str | None) -> None:
    mount = Mount(prefix, (Names({""}),))
    assert mounts_of(mount, index_file, RULES) == [mount]


def test_a_directory_without_index_file_leads_nowhere() -> None:
    bare = BareDirectory("b", (Names({"x"}),), RULES)
    assert bare.find("b") is bare.reread("b") is None
