"""Accept-Encoding against the words of RFC 9110 §12.5.3."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.http.negotiation import acceptable

from . import oracle
from .samples import FOUR, LATIN_1, Member, members, render, sample

ALL = {"br", "zstd", "gzip", "identity"}
SIZES = st.fixed_dictionaries(
    {"identity": st.integers(1, 4)}, optional={coding: st.integers(1, 4) for coding in ("gzip", "br", "zstd")}
)


@settings(max_examples=600)
@given(st.lists(members(), max_size=6))
def test_what_is_acceptable_is_what_the_rfc_says(listed: list[Member]) -> None:
    assert acceptable(render(listed)) == oracle.acceptable(listed)


@settings(max_examples=400)
@given(st.lists(members(), max_size=4), SIZES)
def test_the_smallest_acceptable_coding_is_chosen(listed: list[Member], sizes: dict[str, int]) -> None:
    assert sample(sizes).negotiate(render(listed)).coding == oracle.select(listed, sizes)


@settings(max_examples=300)
@given(LATIN_1 | st.text("brgzipdstx*;q=01., \t-", max_size=300))
def test_no_characters_raise_and_only_known_codings_come_back(field: str) -> None:
    assert acceptable(field) <= ALL


@pytest.mark.parametrize(
    ("field", "codings"),
    [
        ("", {"identity"}),
        (" \t,, ,", {"identity"}),
        ("*", {"identity"}),
        ("*;q=0.5", {"identity"}),
        ("*, *", {"identity"}),
        ("*;q=0", set()),
        ("*;q=0, identity", {"identity"}),
        ("gzip", {"gzip", "identity"}),
        ("gzip, *", ALL),
        ("gzip;q=0, *", {"br", "zstd", "identity"}),
        ("gzip, *;q=0", {"gzip"}),
        ("identity;q=0, *", {"br", "zstd", "gzip"}),
        ("identity;q=0", set()),
        ("gzip;q=0", {"identity"}),
        ("gzip;q=0.001, br;q=1", {"gzip", "br", "identity"}),
        ("GZip;Q=1, BR", {"gzip", "br", "identity"}),
        ("x-gzip", {"gzip", "identity"}),
        ("x-gzip;q=0, gzip", {"identity"}),
        ("gzip, gzip;q=0", {"identity"}),
        ("gzip;q=0, gzip", {"identity"}),
        ("deflate, compress", {"identity"}),
        ("gzip;level=9;q=0", {"identity"}),
        ("gzip;level=9", {"gzip", "identity"}),
        ("gzip;q=0;q=1", {"identity"}),
        ("br ;\tq=0 , gzip", {"gzip", "identity"}),
        ("gzip;q=0.0000", {"identity"}),
        ("gzip;q=0.0001", {"identity"}),
        ("gzip;q=1.0000", {"identity"}),
        ("gzip;q=5", {"identity"}),
        ("gzip;q", {"identity"}),
        ("gzip;q =0", {"identity"}),
        (";q=1", {"identity"}),
        ("gzip deflate", {"identity"}),
        ("brotli, zstandard", {"identity"}),
        ("gzip, deflate, br, zstd", ALL),
    ],
)
def test_acceptable_codings(field: str, codings: set[str]) -> None:
    assert acceptable(field) == codings


@pytest.mark.parametrize(
    ("sizes", "chosen"),
    [
        ({"identity": 9, "gzip": 9, "br": 9, "zstd": 9}, "br"),
        ({"identity": 9, "gzip": 9, "zstd": 9}, "zstd"),
        ({"identity": 9, "gzip": 9}, "gzip"),
        ({"identity": 9, "gzip": 8, "br": 9, "zstd": 9}, "gzip"),
        ({"identity": 8, "gzip": 9, "br": 9, "zstd": 9}, "identity"),
        ({"zstd": 9, "br": 9, "gzip": 9, "identity": 10}, "br"),
        ({"identity": 9}, "identity"),
    ],
)
def test_size_decides_and_then_the_order_of_preference(sizes: dict[str, int], chosen: str) -> None:
    assert sample(sizes).negotiate("gzip;q=0.1, zstd;q=0.2, br;q=0.3").coding == chosen


@pytest.mark.parametrize("field", ["identity;q=0", "*;q=0", "deflate, *;q=0"])
def test_identity_is_sent_when_nothing_is_acceptable(field: str) -> None:
    assert sample(FOUR).negotiate(field).coding == "identity"


@pytest.mark.parametrize("unit", ["gzip;q=0.5,", "gzip;", ",", " ", "q=", "*,", "br;q=0,gzip;q=1,", "\xe9", ";q=0"])
def test_a_zoo_of_members_is_read_to_the_end(unit: str) -> None:
    assert acceptable(unit * 100_000 + ",zstd") <= ALL
    assert acceptable("zstd;q=1," + unit * 10_000) <= ALL


def test_the_last_member_of_a_zoo_counts() -> None:
    assert "gzip" not in acceptable("gzip," * 50_000 + "gzip;q=0")
    assert "br" in acceptable("deflate," * 50_000 + "br")
