"""A road as text: a line for each step, at most 80 columns where names allow it."""

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from clearway.fronts.trace import Trace

from .words import Part, State, clean, details, end_state, headline, parts

if TYPE_CHECKING:
    from clearway.releases.text import Paint

_WIDTH = 80
_MARKS = {State.WRONG: "×", State.UNKNOWN: "?"}
_STYLES = {State.RIGHT: "", State.WRONG: "red", State.AFTER: "dim", State.UNKNOWN: "bold"}


def lines(traces: list[Trace], paint: "Paint") -> list[str]:
    """All roads, with an empty line between two."""
    told: list[str] = []
    for trace in traces:
        told += ["", *_road(trace, paint)] if told else _road(trace, paint)
    return told


def _road(trace: Trace, paint: "Paint") -> list[str]:
    column = max((len(step.layer) for step in trace.road.steps), default=0)
    told = [paint(clean(trace.url), "bold")]
    for part in parts(trace):
        told += _part(part, max(column, len("answer")) + 2, paint)
    return told + (_answer(trace, max(column, len("answer")) + 2, paint) if trace.walked else [])


def _part(part: Part, column: int, paint: "Paint") -> Iterator[str]:
    rows = _wrapped(part.text, column)
    beside = part.where and column + 2 + len(rows[-1]) + 2 + len(part.where) <= _WIDTH
    mark, style = _MARKS.get(part.state, " "), _STYLES[part.state]
    for place, row in enumerate(rows):
        head = f"{mark} {part.layer:<{column}}" if place == 0 else " " * (column + 2)
        line = paint(head + row, style) if style else head + row
        yield line + (f"  {paint(part.where, 'dim')}" if beside and place == len(rows) - 1 else "")
    if part.where and not beside:
        yield " " * (column + 2) + paint(part.where, "dim")


def _answer(trace: Trace, column: int, paint: "Paint") -> list[str]:
    state, outcome = end_state(trace), trace.road.outcome
    style = "green" if state == State.RIGHT else _STYLES[state]
    label = "" if trace.road.steps and trace.road.steps[-1].layer == "answer" else "answer"
    first = f"  {label:<{column}}" + paint(headline(outcome), style)
    rest = [row for detail in details(outcome) for row in _wrapped(detail, column)]
    return [first, *(" " * (column + 2) + row for row in rest)]


def _wrapped(text: str, column: int) -> list[str]:
    return wrap(text, _WIDTH - column - 2, break_long_words=False, break_on_hyphens=False) or [""]
