"""What Go's library does to paths, URLs and expressions."""

import pytest

from clearway.fronts.caddy import regex, slashes, url
from clearway.fronts.unknowable import Unknowable


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/a//b/../c/.", "/a/c"), ("", "."), ("/..", "/"), ("a/../..", ".."), ("/a/", "/a")],
)
def test_paths_are_cleaned(path: str, expected: str) -> None:
    assert slashes.clean(path) == expected


@pytest.mark.parametrize(
    ("root", "path", "expected"),
    [("/srv", "/../etc", "/srv/etc"), ("/srv/", "a/", "/srv/a/"), (".", "/x", "x"), ("", "/", "."), ("/", "/a", "/a")],
)
def test_a_path_never_leaves_its_root(root: str, path: str, expected: str) -> None:
    assert slashes.join(root, path) == expected


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("*.css", "a.css", True),
        ("*", "a/b", False),
        ("/a/?", "/a/b", True),
        ("[a-c]x", "bx", True),
        ("[^a]x", "ax", False),
        (r"\*", "*", True),
        ("[", "[", False),
        ("[]a]", "a", False),
        ("a[b-a]", "ab", False),
    ],
)
def test_patterns_match_as_in_go(pattern: str, name: str, matches: bool) -> None:
    assert slashes.matches(pattern, name) == matches


@pytest.mark.parametrize(
    ("target", "path", "again"),
    [
        ("/a%20b?c", "/a b", "/a%20b?c"),
        ("/a%2fb", "/a/b", "/a%2fb"),
        ("/é", "/é", "/%C3%A9"),
        ("/a?", "/a", "/a?"),
        ("/(a)", "/(a)", "/(a)"),
        ("/a#b", "/a#b", "/a%23b"),
    ],
)
def test_a_target_is_parsed_and_written_again(target: str, path: str, again: str) -> None:
    found = url.parse(target)
    assert (found.path, found.target) == (path, again)


@pytest.mark.parametrize("target", ["/%zz", "/%", "x", "/a b", "/\n"])
def test_a_bad_target_is_refused(target: str) -> None:
    with pytest.raises(url.BadTargetError):
        url.parse(target)


@pytest.mark.parametrize(
    ("pattern", "text", "groups"),
    [
        ("^/(.*)$", "/a", ("/a", "a")),
        ("a$", "a\n", None),
        ("(?i)A", "xa", ("a",)),
        (r"\Qa.b\E", "a.b", ("a.b",)),
        ("[[:alpha:]]+", "1ab", ("ab",)),
        (r"\d", "٣", None),
        ("(a)|(b)", "b", ("b", "", "b")),
        (r"\x{41}", "A", ("A",)),
        ("(?P<n>a)", "a", ("a", "a")),
    ],
)
def test_expressions_are_those_of_go(pattern: str, text: str, groups: tuple[str, ...] | None) -> None:
    found = regex.search(pattern, text)
    assert (found.groups if found else None) == groups


@pytest.mark.parametrize("pattern", [r"\pL", "a(?i)b", "(?U)a*", "[[:^alpha:]]"])
def test_what_python_cannot_say_is_unknown(pattern: str) -> None:
    with pytest.raises(Unknowable):
        regex.search(pattern, "x")


def test_templates_take_groups() -> None:
    assert regex.replaced("(?P<n>a)(b)", "xaby", "${n}-$2-$$-$9") == "xa-b-$-y"
