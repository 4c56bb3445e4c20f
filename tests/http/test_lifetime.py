"""For how long an answer may be kept."""

import pytest

from clearway.http.lifetime import lifetime

YEAR = 31_536_000


@pytest.mark.parametrize(
    ("field", "own", "shared"),
    [
        ("max-age=60", 60, 60),
        ("public, Max-Age = 60", 60, 60),
        ('max-age="60"', 60, 60),
        ("max-age=60, s-maxage=600", 60, 600),
        ("s-maxage=600", 0, 600),
        ("private, max-age=60", 60, 0),
        ("no-store, max-age=60", 0, 0),
        ("no-cache", 0, 0),
        ("max-age=60, max-age=600", 600, 600),
        ("x-max-age=60", 0, 0),
        ("max-age=", 0, 0),
        ("", 0, 0),
    ],
)
def test_cache_control_says_it(field: str, own: int, shared: int) -> None:
    given = {"cache-control": field}
    assert (lifetime(given), lifetime(given, shared=True)) == (own, shared)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"expires": "Thu, 31 Dec 2037 23:55:55 GMT"}, YEAR),
        ({"expires": "Thu, 31 Dec 2037 23:55:55 GMT", "cache-control": "max-age=60"}, 60),
        ({"expires": "Thu, 31 Dec 2037 23:55:55 GMT", "cache-control": "no-store"}, 0),
        ({"expires": "0"}, 0),
        ({}, 0),
    ],
)
def test_expires_counts_where_it_means_never(headers: dict[str, str], seconds: int) -> None:
    assert lifetime(headers) == seconds
