"""Names: the one spelling of a file below a root, and what is never public."""

import pytest

from clearway.catalog.names import is_canonical, is_hidden, is_public


@pytest.mark.parametrize(
    "name", ["a", "a/b.css", "...", "a..b", ".h", " ", "ü/\udcff", "a:b", "%2e%2e/x", "a/...b"], ids=ascii
)
def test_a_canonical_name(name: str) -> None:
    assert is_canonical(name)


@pytest.mark.parametrize(
    "name",
    ["", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "a/../b", "../a", "a\0", "\0", "a\\b", "..\\a"],
    ids=ascii,
)
def test_a_name_that_can_be_none(name: str) -> None:
    assert not is_canonical(name)


@pytest.mark.parametrize(
    ("part", "top", "at_site_root", "hidden"),
    [
        ("a", True, True, False),
        (".env", True, True, True),
        ("..data", False, False, True),
        (".well-known", True, True, False),
        (".well-known", False, True, True),
        (".well-known", True, False, True),
        (".well-known2", True, True, True),
        (".WELL-KNOWN", True, True, True),
    ],
)
def test_hidden_names(part: str, top: bool, at_site_root: bool, hidden: bool) -> None:
    assert is_hidden(part, top=top, at_site_root=at_site_root) is hidden


@pytest.mark.parametrize(
    "name", ["../a", "/a", "a\\b", "a\0", "", ".env", "d/.env", ".clearway/current", ".well-known/x"]
)
def test_a_name_from_a_record_that_is_never_served(name: str) -> None:
    assert not is_public(name)
    assert is_public("d/a.b.css")
