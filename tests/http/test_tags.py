"""Lists of entity tags against a parser that looks at one character at a time (RFC 9110 §8.8.3, §13.1)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.http.validators import if_range_holds, lists_tag, strong_tag

from .samples import LATIN_1, TAGS, Tag

NEAR_LISTS = st.text(st.sampled_from('"",, \tW/Wa*\\\x7f\xe9\x80\x00'), max_size=24)


def read_tags(field: str) -> list[Tag]:
    """The members in front of the first malformed one; empty members do not count."""
    found: list[Tag] = []
    at = 0
    while at < len(field):
        while at < len(field) and field[at] in " \t":
            at += 1
        if at < len(field) and field[at] == ",":
            at += 1
            continue
        weak = field.startswith("W/", at)
        at += 2 if weak else 0
        if at >= len(field) or field[at] != '"':
            return found
        end = at + 1
        while end < len(field) and field[end] != '"':
            if ord(field[end]) <= 0x20 or ord(field[end]) == 0x7F:
                return found
            end += 1
        if end >= len(field):
            return found
        member, at = Tag(weak, field[at : end + 1]), end + 1
        while at < len(field) and field[at] in " \t":
            at += 1
        if at < len(field) and field[at] != ",":
            return found
        at += 1
        found.append(member)
    return found


@settings(max_examples=600)
@given(NEAR_LISTS | LATIN_1 | st.lists(TAGS).map(lambda tags: ", ".join(each.text for each in tags)), st.booleans())
def test_a_tag_is_listed_when_the_slow_parser_finds_it(field: str, weakly: bool) -> None:
    members = read_tags(field)
    everything = field.strip(" \t") == "*"
    for wanted in {each.quoted for each in members} | {'"a"', '""', '"*"', '"identity-0123"'}:
        listed = any(each.quoted == wanted and (weakly or not each.weak) for each in members)
        assert lists_tag(field, wanted, weakly=weakly) == (listed or everything)


@pytest.mark.parametrize(
    ("field", "strongly", "weakly"),
    [
        ('"a"', True, True),
        ('W/"a"', False, True),
        ('w/"a"', False, False),
        ('"b","a"', True, True),
        (' \t"b" , \t"a"\t', True, True),
        (',, ,"a",', True, True),
        ('"b" "a"', False, False),
        ('b, "a"', False, False),
        ('"a", b', True, True),
        ('"a" b', False, False),
        ("*", True, True),
        (" * ", True, True),
        ('"*"', False, False),
        ('"b", *', False, False),
        ("a", False, False),
        ('"A"', False, False),
        ('"a', False, False),
        ('"x,"a"', False, False),
        ('"x,a", "a"', True, True),
        ('W/ "a"', False, False),
        ("", False, False),
    ],
)
def test_comparison(field: str, strongly: bool, weakly: bool) -> None:
    assert lists_tag(field, '"a"', weakly=False) == strongly
    assert lists_tag(field, '"a"', weakly=True) == weakly


@pytest.mark.parametrize("opaque", ["!#~", "\x80\xff", "a'b\\c,W/", "*"])
def test_every_character_of_a_tag_counts(opaque: str) -> None:
    assert lists_tag(f'"x", "{opaque}"', f'"{opaque}"', weakly=False)


@pytest.mark.parametrize(
    ("field", "holds"),
    [
        ('"a"', True),
        (' "a"\t', True),
        ('W/"a"', False),
        ('"b"', False),
        ('"a", "b"', False),
        ("*", False),
        ("a", False),
    ],
)
def test_if_range_takes_exactly_one_strong_tag(field: str, holds: bool) -> None:
    assert if_range_holds(field, '"a"', 0) == holds


def test_a_strong_tag_is_quoted() -> None:
    assert strong_tag("0f3c") == '"0f3c"'


@pytest.mark.parametrize("unit", ['"x", ', 'W/"x",', ",", " ", " \t,", "W/", "x", '"', "\\", '"\xe9",'])
def test_a_zoo_of_tags_is_read_in_one_pass(unit: str) -> None:
    for size in (10_000, 100_000):
        assert lists_tag(unit * size, '"a"', weakly=True) is False
        assert lists_tag('"' + unit * size, '"a"', weakly=True) is False


def test_the_last_tag_of_a_zoo_is_found() -> None:
    assert lists_tag('"x", ' * 100_000 + 'W/"a"', '"a"', weakly=True)
