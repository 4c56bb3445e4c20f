"""Retention: the last few, and whatever was retired recently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearway.catalog.history import Entry, History
from clearway.releases.retention import past

DAY = 86_400
NOW = 1_000 * DAY


def history(*days: int) -> History:
    """Releases `r0` (current), `r1` … that were retired so many days ago."""
    entries = {"r0": Entry(NOW - DAY)}
    entries |= {f"r{number}": Entry(0, NOW - ago * DAY) for number, ago in enumerate(days, start=1)}
    return History(entries)


@pytest.mark.parametrize(
    ("days", "retain", "retain_days", "expected"),
    [
        ((), 1, 0, []),
        ((40, 50), 5, 30, []),
        ((1, 40, 50), 2, 30, ["r2", "r3"]),
        ((1, 2, 3), 1, 30, []),
        ((1, 2, 3), 1, 0, ["r1", "r2", "r3"]),
        ((29, 30, 31), 1, 30, ["r2", "r3"]),
        ((50, 1, 40), 2, 30, ["r3", "r1"]),
    ],
)
def test_past_retention(days: tuple[int, ...], retain: int, retain_days: int, expected: list[str]) -> None:
    assert past(history(*days), "r0", retain, retain_days, NOW) == expected


@given(st.lists(st.integers(0, 100), max_size=8), st.integers(1, 6), st.integers(0, 60))
def test_the_current_one_and_the_last_few_stay(days: list[int], retain: int, retain_days: int) -> None:
    found = past(history(*days), "r0", retain, retain_days, NOW)
    assert "r0" not in found
    assert len(found) <= max(0, len(days) + 1 - retain)
    assert all(days[int(id_[1:]) - 1] >= retain_days for id_ in found)


def test_without_a_current_release_none_is_taken_for_it() -> None:
    assert past(history(40, 50), None, 1, 30, NOW) == ["r1", "r2"]
