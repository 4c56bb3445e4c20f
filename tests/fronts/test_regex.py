"""Regular expressions of PCRE in Python's words."""

import pytest

from clearway.fronts.regex import Regex, translated
from clearway.fronts.unknowable import Unknowable


@pytest.mark.parametrize(
    ("pattern", "text", "groups"),
    [
        (r"\.(css|js)$", "/a.css", ("css",)),
        (r"^/(?<n>\w+)/(.*)$", "/ab/c/d", ("ab", "c/d")),
        (r"^/[[:alpha:]_-]+$", "/ab_c", ()),
        (r"(?i)\.JPE?G$", "/x.jpg", ()),
        (r"/a(?i)b$", "/aB", ()),
        (r"^/(?:a(?i)b|c)$", "/C", ()),
        (r"[]a]", "]", ()),
        (r"[a[b&&]$", "[", ()),
        (r"^[\w-.]+$", "a-.b", ()),
        (r"^[\w-]+[-a]+[a-]+[[:digit:]-_]+$", "b-a-a-1-_", ()),
        (r"^[a-c]+[+--]$", "abc,", ()),
        (r"^[[:^alpha:]x]+$", "1x.", ()),
        (r"^x{,3}$", "x{,3}", ()),
        (r"^/x{2}$", "/xx", ()),
        (r"\x2e\Qa.b\E", ".a.b", ()),
        (r"(a)|(b)", "a", ("a",)),
        (r"(a)|(b)", "b", ("", "b")),
        (r"(?>a+)b++", "aab", ()),
        (r"(?'q'a)\k<q>\k{q}", "aaa", ("a",)),
        (r"(a)\g1\g{-1}", "aaa", ("a",)),
        (r"^a\h*\z", "a \t", ()),
        (r"(?#note)^/a$", "/a", ()),
        (r"(*UTF8)^/é$", "/é", ()),
        (r"^/.{2}$", "/é", ()),
        (r"\cA", "\x01", ()),
        (r"^(?<!x)a(?=b)", "ab", ()),
    ],
)
def test_a_pattern_matches_as_pcre_does(pattern: str, text: str, groups: tuple[str, ...]) -> None:
    match = Regex(pattern).match(text)
    assert match is not None
    assert match.groups == groups


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"^/static/", "/media/"), (r"^/a$", "/A"), (r"x(?i)b", "Xb"), (r"a\z", "a\n"), (r"^/\w$", "/é"), (r"\.", "a")],
)
def test_a_pattern_that_does_not_fit_does_not_match(pattern: str, text: str) -> None:
    assert Regex(pattern).match(text) is None


def test_case_is_ignored_where_it_is_asked() -> None:
    assert Regex(r"^/Static/\.CSS", caseless=True).match("/sTATIC/.css")
    assert Regex(r"^/static", caseless=True).match("/STATIC")


def test_named_groups_are_known_before_and_after() -> None:
    regex = Regex(r"^/(?<what>a)(?P<which>b)?(?'last'c)$")
    assert regex.names == ("what", "which", "last")
    match = regex.match("/ac")
    assert match is not None
    assert match.named == {"what": "a", "which": "", "last": "c"}


@pytest.mark.parametrize("pattern", [r"(?|a|b)", r"(?R)", r"(a(?1)?)", r"\p{L}", r"a\Kb", r"(*COMMIT)a", r"(?<=a|bb)c"])
def test_what_python_lacks_is_said_to_be_unknown(pattern: str) -> None:
    with pytest.raises(Unknowable, match="regular expression"):
        Regex(pattern).match("abc")


def test_a_pattern_stays_as_it_is_where_both_agree() -> None:
    assert translated(r"^/(a|b)+?[^/]*\d{2,}$") == r"^/(a|b)+?[^/]*\d{2,}$"
