"""Sources of a directory: what is found, what is left out, what is impossible."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.helpers.released import write

from clearway.build.directory_sources import SourceError, read_directory

FILES = dict.fromkeys(["css/base.css", "js/app.js", "font.woff2"], b"x")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`static` has sources."""
    write(tmp_path / "static", FILES)
    return tmp_path


def test_collectstatic_would_find_the_same(folder: Path) -> None:
    write(folder / "static", dict.fromkeys([".env", "a~", "CVS/Root", "x/.y/z", "x/CVS.css"], b""))
    assert [source.name for source in read_directory(folder / "static")] == sorted([*FILES, "x/CVS.css"])
    assert len(read_directory(folder / "static", [])) == len(FILES) + 5


def test_any_depth(tmp_path: Path) -> None:
    deep = "/".join("d" * 300)
    write(tmp_path, {f"{deep}/x.css": b"x"})
    (source,) = read_directory(tmp_path)
    assert (source.name, source.read()) == (f"{deep}/x.css", b"x")


def test_third_party_is_what_lies_in_node_modules(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["node_modules/p/x.js", "vendor/node_modules/x.js", "node_modules.js"], b""))
    found = {source.name for source in read_directory(tmp_path) if source.third_party}
    assert found == {"node_modules/p/x.js", "vendor/node_modules/x.js"}
    assert all(source.third_party for source in read_directory(tmp_path / "node_modules"))


@pytest.mark.skipif(os.name != "posix", reason="only on systems with symbolic links for everybody")
def test_links_are_followed_and_impossible_ones_named(folder: Path) -> None:
    write(folder / "elsewhere", {"deep/linked.css": b"a{}"})
    (folder / "static/linked").symlink_to(folder / "elsewhere")
    (folder / "static/alias.css").symlink_to("css/base.css")
    names = [source.name for source in read_directory(folder / "static")]
    assert names == sorted([*FILES, "linked/deep/linked.css", "alias.css"])
    for make, says in IMPOSSIBLE:
        make(folder / "static/bad")
        with pytest.raises(SourceError, match=f"bad {says}.*--ignore 'bad'"):
            read_directory(folder / "static")
        assert len(read_directory(folder / "static", ["bad"])) == len(names)
        (folder / "static/bad").unlink()


IMPOSSIBLE: list[tuple[Callable[[Path], None], str]] = [
    (lambda path: path.symlink_to("nothing"), "is a link to nothing"),
    (lambda path: path.symlink_to("bad"), "cannot be read"),
    (lambda path: path.symlink_to("../static"), "is a link to a directory above it"),
    (os.mkfifo, "is neither a file nor a directory"),
]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("*.css", {"b/c.js", "d.js"}),
        ("b", {"a.css", "d.js"}),
        ("b/c.js", {"a.css", "b/e.css", "d.js"}),
        ("b/*.js", None),
    ],
)
def test_patterns_leave_out_names(pattern: str, left: set[str] | None, tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["a.css", "b/c.js", "b/e.css", "d.js"], b""))
    names = {source.name for source in read_directory(tmp_path, [pattern])}
    assert names == (left or {"a.css", "b/e.css", "d.js"})
