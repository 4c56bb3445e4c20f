"""Encoders: what was encoded decodes to the same, and the same comes out each time."""

import gzip
from hashlib import sha256

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearway.build.encode import ENCODERS, PAYS, encoded, is_worth_trying, zstd
from clearway.build.recipe import Recipe
from clearway.http.media_types import media_type

DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}


@given(st.binary(max_size=2000), st.sampled_from(sorted(ENCODERS)), st.integers(1, 9))
def test_a_variant_decodes_to_its_original(data: bytes, coding: str, level: int) -> None:
    assert DECODERS[coding](ENCODERS[coding](data, level)) == data
    assert ENCODERS[coding](data, level) == ENCODERS[coding](data, level)


def test_gzip_says_neither_when_nor_where() -> None:
    assert ENCODERS["gzip"](b"a" * 100, 9)[:10] == bytes.fromhex("1f8b0800 00000000 02ff")


def test_zstd_keeps_to_the_window_that_browsers_allow() -> None:
    frame = ENCODERS["zstd"](bytes(9 << 20), 22)
    assert zstd.decompress(frame, options={zstd.DecompressionParameter.window_log_max: 23}) == bytes(9 << 20)


def test_a_variant_is_kept_only_when_it_pays() -> None:
    assert encoded("br", b"".join(sha256(b"%d" % n).digest() for n in range(9)), 11) is None
    assert encoded("br", b"", 11) is None
    made = encoded("br", b"text " * 100, 11)
    assert made is not None
    assert len(made) <= 500 * PAYS


@pytest.mark.parametrize(
    ("name", "worth"),
    [
        ("a.css", True),
        ("a.svg", True),
        ("a.png", False),
        ("a.css.gz", False),
        ("vendor/a.js", False),
        ("LICENSE", False),
    ],
)
def test_what_is_encoded_is_decided_by_type_and_globs(name: str, worth: bool) -> None:
    assert is_worth_trying(name, media_type(name), ("vendor/*",)) == worth


def test_a_fingerprint_tells_settings_apart_that_give_other_octets() -> None:
    recipes = [
        Recipe("/static/"),
        Recipe("/static/", encodings=("br",)),
        Recipe("/static/", levels={"gzip": 9, "br": 5, "zstd": 19}),
        Recipe("/static/", skip=("*.js",)),
        Recipe("/static/", unhashed=False),
        Recipe("/static/", minify="rcssmin 1"),
        Recipe("/static/", media_types={".vtx": "text/x-vertex"}),
    ]
    assert len({recipe.fingerprint for recipe in recipes}) == len(recipes)
    assert Recipe("/other/", encodings=("zstd", "br", "gzip")).fingerprint == recipes[0].fingerprint
