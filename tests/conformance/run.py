"""Asks every row of a place and keeps what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conformance.rows.row import NotApplicableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.conformance.rows.row import Place, Row

MARKS = {"ok": "ok", "wrong": "FAIL", "n/a": "n/a"}


@dataclass(frozen=True)
class Verdict:
    """What one row found at one target."""

    row: str
    state: str
    complaints: tuple[str, ...] = ()


def judge(row: Row, place: Place) -> Verdict:
    try:
        complaints = tuple(row.complaints(place))
    except NotApplicableError:
        return Verdict(row.id, "n/a")
    return Verdict(row.id, "wrong" if complaints else "ok", complaints)


def run(rows: Iterable[Row], place: Callable[[Row], Place]) -> list[Verdict]:
    """`place` may give every row a place of its own, as the broken server does."""
    return [judge(row, place(row)) for row in rows]
