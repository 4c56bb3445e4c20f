"""The path that locations are compared with."""

import pytest

from clearway.fronts.nginx import uri


@pytest.mark.parametrize(
    ("target", "path", "arguments"),
    [
        ("/", "/", ""),
        ("/a/b?c=d", "/a/b", "c=d"),
        ("/a?b?c", "/a", "b?c"),
        ("/a%20b%2fc", "/a b/c", ""),
        ("//a///b//", "/a/b/", ""),
        ("/a/./b/../c", "/a/c", ""),
        ("/a/%2e%2e/b", "/b", ""),
        ("/a/.", "/a/", ""),
        ("/a/..", "/", ""),
        ("/a/...", "/a/...", ""),
        ("/%C3%A9", "/é", ""),
        ("/a%3Fb?c", "/a?b", "c"),
        ("/a%23b", "/a#b", ""),
        ("/a%25b", "/a%b", ""),
        ("/a#b?c", "/a", ""),
        ("/a?b#c", "/a", "b"),
        ("/%ff", "/\udcff", ""),
    ],
)
def test_the_path_is_decoded_once_and_made_plain(target: str, path: str, arguments: str) -> None:
    parsed = uri.parse(target)
    assert (parsed.path, parsed.arguments) == (path, arguments)


@pytest.mark.parametrize("target", ["/..", "/a/../..", "/%2e%2e/", "a", "", "/a%", "/a%4", "/a%zz", "/a%00", "/a b"])
def test_what_nginx_answers_400_is_refused(target: str) -> None:
    with pytest.raises(uri.BadTargetError):
        uri.parse(target)


def test_slashes_stay_where_merge_slashes_is_off() -> None:
    assert uri.parse("//a///b", merge_slashes=False).path == "//a///b"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a.css", "css"), ("/a.B.CSS", "css"), ("/a", ""), ("/a.b/c", ""), ("/.css", ""), ("/x/.css", ""),
        ("/a.", ""), ("/x/.a.css", "css"),
    ],
)  # fmt: skip
def test_the_extension_is_that_of_the_last_segment(path: str, expected: str) -> None:
    assert uri.extension(path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/a%2Fb%20c", "/a/b%20c"),
        ("/a%3Fb%2F", "/a?b%2F"),
        ("/a?%2F", "/a?%2F"),
        ("/%25%C3", "/%25%C3"),
        ("/100%.t%2", "/100.t"),
    ],
)
def test_a_redirect_decodes_what_needs_no_percent_sign(text: str, expected: str) -> None:
    assert uri.unescaped_redirect(text) == expected


@pytest.mark.parametrize(
    ("target", "path"), [("/a%20b", "/a b"), ("/100%.txt", "/100.txt"), ("/a%4g", "/a"), ("/a%", "/a"), ("/a%2", "/a")]
)
def test_a_redirect_of_the_application_is_decoded_and_broken_signs_are_dropped(target: str, path: str) -> None:
    assert uri.parse_internal(target).path == path


def test_paths_are_escaped_as_they_are_sent() -> None:
    assert uri.escaped("/a b?é%") == "/a%20b%3F%C3%A9%25"
    assert uri.escaped_argument("a&b+c") == "a%26b%2Bc"


@pytest.mark.parametrize("target", ["", "/a/../b", "..", "/a%00", "/%2e%2e/x"])
def test_an_unsafe_redirect_of_the_application_is_refused(target: str) -> None:
    with pytest.raises(uri.BadTargetError):
        uri.parse_internal(target)
