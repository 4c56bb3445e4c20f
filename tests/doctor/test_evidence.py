"""Numbers and times as findings say them."""

import pytest

from clearway.doctor.evidence import counted, lasting, some


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 second"),
        (90, "90 seconds"),
        (120, "2 minutes"),
        (7_199, "119 minutes"),
        (7_200, "2 hours"),
        (172_799, "47 hours"),
        (31_536_000, "365 days"),
    ],
)
def test_a_time_is_said_in_its_largest_whole_unit(seconds: int, said: str) -> None:
    assert lasting(seconds) == said


def test_what_is_counted_has_its_number() -> None:
    assert (counted(1, "file"), counted(2_000, "copy", "copies")) == ("1 file", "2,000 copies")


def test_the_first_three_are_shown() -> None:
    assert list(some(["a", "b", "c"])) == ["a", "b", "c"]
    assert list(some(["a", "b", "c", "d"])) == ["a", "b", "c", "and 1 more"]
