"""The regular expressions for `map` against the negotiation in process."""

import random
import re

import pytest

from clearway.fronts.accept_encoding import rows
from clearway.fronts.nginx.codings import map_block
from clearway.http.negotiation import SUFFIXES, acceptable

NAMES = ["br", "gzip", "zstd", "x-gzip", "*", "identity", "BR", "brx", "xbr", "**", "b r"]
WEIGHTS = [";q=0", "; q=0", ";q=1", ";q=0.5", ";q=0.000", ";q=0.001", ";q=1.000", ";q=1.001", ";q=2", ";q=", ";q"]
ODD = [";q =1", ";q= 1", ";Q=0", ";a=b", ";a=b;q=0", ";q=1;q=0", ";q=0;a", ";q=0.", ";q=1.", ";q=.5", ";", " ", "\t"]
PIECES = [*NAMES, *WEIGHTS, *ODD, ",", ", ", ",,"]
COMPILED = {
    coding: [(re.compile(pattern, re.IGNORECASE), accepted) for pattern, accepted in rows(coding)]
    for coding in SUFFIXES
}


def mapped(coding: str, field: str) -> bool:
    return next((accepted for pattern, accepted in COMPILED[coding] if pattern.search(field)), False)


def test_the_map_accepts_what_the_negotiation_accepts() -> None:
    draw = random.Random(6)
    for _ in range(8000):
        field = "".join(draw.choice(PIECES) for _ in range(draw.randint(0, 7)))
        for coding in SUFFIXES:
            assert mapped(coding, field) == (coding in acceptable(field)), (coding, field)


@pytest.mark.parametrize(
    "field", ["br" + "; " * 4000 + ";q=9", "br" + " ;a" * 2600 + ";q=0", "*;" + " " * 8000, "," * 8000, "*, " * 2600]
)
def test_a_long_field_takes_no_long_time(field: str) -> None:
    for coding in SUFFIXES:
        assert mapped(coding, field) == (coding in acceptable(field))


def test_the_block_is_balanced_and_quoted() -> None:
    block = map_block("shop_br", "br", ".br", "/")
    assert block[0] == "map $http_accept_encoding $shop_br {"
    assert block[-1] == "}"
    assert all(line.count('"') in (0, 2) and line.endswith(";") for line in block[1:-1])
