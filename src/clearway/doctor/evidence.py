"""Proof of many like cases: the first few, and how many more there are."""

from collections.abc import Iterator, Sequence

SHOWN = 3


def some(rows: Sequence[str]) -> Iterator[str]:
    """The first three rows, and the number of the others."""
    yield from rows[:SHOWN]
    if len(rows) > SHOWN:
        yield f"and {len(rows) - SHOWN:,} more"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
