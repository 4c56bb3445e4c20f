"""The Range field against brute force over the positions of short bodies (RFC 9110 §14)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.http.ranges import content_range, parse_range, unsatisfied_range

from .samples import LATIN_1, WHOLE, Wanted, ranges


@settings(max_examples=600)
@given(ranges(longest=24), st.integers(0, 20))
def test_a_range_is_the_octets_that_it_names(wanted: Wanted, length: int) -> None:
    parsed = parse_range(wanted.text)
    assert (parsed is not None) == wanted.understood
    if parsed is None:
        return
    octets = wanted.positions(length)
    span = parsed.within(length)
    if span is None:
        assert octets == []
    else:
        assert list(range(span[0], span[0] + span[1])) == octets
        assert content_range(*span, length) == f"bytes {octets[0]}-{octets[-1]}/{length}"


def test_all_ranges_of_short_bodies() -> None:
    for length in range(4):
        for first in range(5):
            for last in range(first, 6):
                parsed = parse_range(f"bytes={first}-{last}")
                octets = [at for at in range(length) if first <= at <= last]
                assert parsed is not None
                assert parsed.within(length) == ((first, len(octets)) if octets else None)


@pytest.mark.parametrize("text", [*WHOLE, "bytes=0-0-0", "bytes=,", "", "bytes=1-0", "bytes=٣-", "bytes=0-\n"])
def test_what_is_not_one_range_is_answered_whole(text: str) -> None:
    assert parse_range(text) is None


@pytest.mark.parametrize(
    ("text", "length", "span"),
    [
        ("bytes=0-", 10, (0, 10)),
        ("bytes=0-9", 10, (0, 10)),
        ("bytes=0-10", 10, (0, 10)),
        ("bytes=9-9", 10, (9, 1)),
        ("bytes=9-", 10, (9, 1)),
        ("bytes=10-", 10, None),
        ("bytes=10-10", 10, None),
        ("bytes=-1", 10, (9, 1)),
        ("bytes=-10", 10, (0, 10)),
        ("bytes=-11", 10, (0, 10)),
        ("bytes=-0", 10, None),
        ("bytes=-000", 10, None),
        ("bytes=000001-000002", 10, (1, 2)),
        (f"bytes=0-{10**40}", 10, (0, 10)),
        (f"bytes={10**40}-", 10, None),
        (f"bytes=-{10**40}", 10, (0, 10)),
        (f"bytes={'0' * 5000}3-{'0' * 5000}4", 10, (3, 2)),
        ("BYTES=1-1", 10, (1, 1)),
        ("bytes= \t,1-1 ,", 10, (1, 1)),
    ],
)
def test_satisfiable_or_not(text: str, length: int, span: tuple[int, int] | None) -> None:
    parsed = parse_range(text)
    assert parsed is not None
    assert parsed.within(length) == span


def test_a_suffix_of_nothing_is_no_octets() -> None:
    parsed = parse_range("bytes=-5")
    assert parsed is not None
    assert parsed.within(0) is None
    assert unsatisfied_range(0) == "bytes */0"


@settings(max_examples=300)
@given(LATIN_1 | st.text("bytes=0123456789-, \t").map("bytes={}".format))
def test_no_characters_raise(text: str) -> None:
    parsed = parse_range(text)
    if parsed:
        span = parsed.within(7)
        assert span is None or (0 <= span[0] < 7 and 1 <= span[1] <= 7 - span[0])


@pytest.mark.parametrize("unit", ["0-0,", ",", " ", "\t,", "1", "-", "0-", "-1,", "bytes="])
def test_a_zoo_of_ranges_is_read_in_one_pass(unit: str) -> None:
    for text in (unit * 100_000, "1-" + unit * 100_000, unit * 50_000 + "x", "1" * 50_000 + unit * 50_000 + "x"):
        parsed = parse_range(f"bytes={text}")
        assert parsed is None or parsed.within(10) is None or parsed.within(10)
