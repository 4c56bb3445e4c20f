"""The page of a check, and the list of all, for a terminal."""

from textwrap import wrap
from typing import TYPE_CHECKING

from clearway.doctor.registry import all_checks
from clearway.doctor.rule import Check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clearway.releases.text import Paint


def page(check: Check) -> "Callable[[Paint], list[str]]":
    """The page under its title."""
    title = f"{check.rule.id} {check.rule.name}"
    return lambda paint: [paint(title, "bold"), "", *_rows(check.page, paint)]


def _rows(text: str, paint: "Paint") -> "Iterator[str]":
    """The first line is a sentence; those that follow and are not indented are headings."""
    for place, row in enumerate(text.splitlines()):
        yield paint(row, "bold") if place and row and not row.startswith(" ") else row


def pages(paint: "Paint") -> list[str]:
    """Each check by its id and name, and what it is about below."""
    return [row for each in all_checks() for row in _listed(each, paint)]


def _listed(check: Check, paint: "Paint") -> "Iterator[str]":
    yield f"{paint(check.rule.id, 'bold')}  {check.rule.name}"
    yield from (f"{'':<7}{row}" for row in wrap(check.page.partition("\n")[0], 80 - 7))
