"""HTTP-dates in their three forms against the standard library's calendar (RFC 9110 §5.6.7)."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearway.http.validators import format_date, if_range_holds, modified_since, parse_date, unmodified_since

from .samples import LATIN_1

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))


def seconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1)


@settings(max_examples=200)
@given(MOMENTS)
def test_every_moment_is_read_in_the_two_forms_with_whole_years(moment: datetime) -> None:
    fixdate = format_datetime(moment, usegmt=True)
    assert parse_date(fixdate) == seconds(moment)
    ctime = f"{moment:%a} {MONTHS[moment.month - 1]} {moment.day:2} {moment:%H:%M:%S} {moment.year:04}"
    assert ctime == moment.ctime()
    assert parse_date(ctime) == seconds(moment)


@settings(max_examples=200)
@given(st.integers(0, 3155759999).map(lambda moment: EPOCH + timedelta(seconds=moment)))
def test_two_digits_mean_a_year_from_1970_to_2069(moment: datetime) -> None:
    assert parse_date(f"{moment:%A, %d-%b-%y %H:%M:%S} GMT") == seconds(moment)


@settings(max_examples=200)
@given(st.integers(0, 253402300799))
def test_what_is_written_is_read_again(moment: int) -> None:
    assert format_date(moment) == format_datetime(EPOCH + timedelta(seconds=moment), usegmt=True)
    assert parse_date(format_date(moment)) == moment


@settings(max_examples=400)
@given(st.integers(0, 9999), st.sampled_from((*MONTHS, "Foo")), st.integers(0, 32), st.integers(0, 25),
       st.integers(0, 61), st.integers(0, 62), st.booleans())  # fmt: skip
@example(0, "Jan", 1, 0, 0, 0, False)
@example(2023, "Feb", 29, 0, 0, 0, True)
@example(2016, "Dec", 31, 23, 59, 60, False)
def test_only_dates_of_the_calendar_are_dates(
    year: int, month: str, day: int, hour: int, minute: int, second: int, old: bool
) -> None:
    time = f"{hour:02}:{minute:02}:{second:02}"
    text = f"Mon {month} {day:2} {time} {year:04}" if old else f"Mon, {day:02} {month} {year:04} {time} GMT"
    try:
        leap = second == 60
        begin = datetime(year, [*MONTHS, "Foo"].index(month) + 1, day, hour, minute, second - leap, tzinfo=UTC)
        wanted = seconds(begin) + leap
    except ValueError:
        wanted = None
    assert parse_date(text) == wanted


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777),
        ("Sun Nov  6 08:49:37 1994", 784111777),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thursday, 01-Jan-70 00:00:00 GMT", 0),
        ("Tuesday, 31-Dec-69 23:59:59 GMT", 3155759999),
        ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800),
        ("Sun, 6 Nov 1994 08:49:37 GMT", None),
        ("sun, 06 nov 1994 08:49:37 gmt", None),
        ("Sun, 06 Nov 1994 08:49:37 UTC", None),
        ("Sun, 06 Nov 1994 08:49:37 +0000", None),
        ("Sun, 06 Nov 1994 08:49:37", None),
        ("Sun, 06 Nov 1994 08:49:37 GMT ", None),
        ("Sun, 06 Nov 1994 08:49:37 GMT; length=5", None),
        ("Sun, 06 Nov 1994 24:00:00 GMT", None),
        ("Sun, 00 Nov 1994 08:49:37 GMT", None),
        ("Sun, 30 Feb 2020 08:49:37 GMT", None),
        ("Sun, 31 Apr 2020 08:49:37 GMT", None),
        ("Sun, 06 Nov 0000 08:49:37 GMT", None),
        ("1994-11-06T08:49:37Z", None),
        ("784111777", None),
        ("", None),
        ("Sun, \xb26 Nov 1994 08:49:37 GMT", None),
    ],
)
def test_dates(text: str, moment: int | None) -> None:
    assert parse_date(text) == moment


@settings(max_examples=400)
@given(
    LATIN_1 | st.from_regex(r"\A[A-Z][a-z]{2}, [0-9]{2} (Jan|Feb|Sep) [0-9]{4} [0-9:]{8} GMT\Z") | st.text("0 :-,GMT")
)
def test_garbage_never_raises(text: str) -> None:
    found = parse_date(text)
    assert found is None or isinstance(found, int)
    assert if_range_holds(text, '"a"', found) in (True, False)


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37 GMT" * 10_000, "0" * 100_000, " " * 100_000, "A" * 100_000]
)
def test_a_long_field_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("modified", "since", "changed"),
    [(784111776, True, False), (784111777, True, False), (784111778, True, True), (None, True, None), (5, False, None)],
)
def test_conditions_compare_whole_seconds(modified: int | None, since: bool, changed: bool | None) -> None:
    field = "Sun, 06 Nov 1994 08:49:37 GMT" if since else "never"
    assert modified_since(field, modified) is changed
    assert unmodified_since(field, modified) is (None if changed is None else not changed)


def test_if_range_takes_exactly_the_date_of_the_last_change() -> None:
    field = " Sun, 06 Nov 1994 08:49:37 GMT"
    assert [if_range_holds(field, '"a"', at) for at in (784111776, 784111777, 784111778)] == [False, True, False]
    assert if_range_holds(field, '"a"', None) is False
    assert if_range_holds("never", '"a"', None) is False
