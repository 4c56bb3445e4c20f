"""Proof of many like cases: the first few, and how many more there are."""

from collections.abc import Iterator, Sequence

SHOWN = 3
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))  # seconds


def some(rows: Sequence[str]) -> Iterator[str]:
    """The first three rows, and the number of the others."""
    yield from rows[:SHOWN]
    if len(rows) > SHOWN:
        yield f"and {len(rows) - SHOWN:,} more"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def lasting(seconds: int) -> str:
    """A time in words: `365 days`, `2 hours`, `90 seconds`."""
    unit, name = next((each for each in _UNITS if seconds >= 2 * each[0]), (1, "second"))
    return counted(seconds // unit, name)
