"""Segments of a path as nginx and httpd resolve them."""

import pytest

from clearway.fronts.segments import OutsideError, resolved


@pytest.mark.parametrize(
    ("path", "merged", "kept"),
    [
        (b"/", b"/", b"/"),
        (b"/a/./b", b"/a/b", b"/a/b"),
        (b"/a/../b", b"/b", b"/b"),
        (b"/a/.", b"/a/", b"/a/"),
        (b"/a/..", b"/", b"/"),
        (b"/a//b", b"/a/b", b"/a//b"),
        (b"/a//../b", b"/b", b"/a/b"),
        (b"/...", b"/...", b"/..."),
        (b"/.a/..b", b"/.a/..b", b"/.a/..b"),
    ],
)
def test_dots_are_resolved_and_slashes_merged_first(path: bytes, merged: bytes, kept: bytes) -> None:
    assert (resolved(path, merges_slashes=True), resolved(path, merges_slashes=False)) == (merged, kept)


@pytest.mark.parametrize("path", [b"/..", b"/a/../..", b"/../a", b"/./../a"])
def test_a_path_that_leaves_the_root_is_an_error(path: bytes) -> None:
    with pytest.raises(OutsideError):
        resolved(path, merges_slashes=True)
