"""A road as a page that stands alone."""

from collections.abc import Sequence

from clearway.fronts.trace import Trace

from .sheet import breakable, paragraph, sheet, station
from .words import Part, State, details, end_state, headline, parts

_SIGNS = {State.RIGHT: "✓", State.WRONG: "×", State.AFTER: "", State.UNKNOWN: "?"}


def html(traces: Sequence[Trace]) -> str:
    """The roads of all URLs, one below the other."""
    title = traces[0].url if len(traces) == 1 else "clearway trace"
    return sheet(title, map(_road, traces))


def _road(trace: Trace) -> str:
    end = end_state(trace)
    shown = list(parts(trace))
    following = [*(part.state for part in shown[1:]), State.AFTER if end == State.WRONG else end]
    stations = [_station(*pair) for pair in zip(shown, following, strict=False)]
    head = f'<h1 class="url">{breakable(trace.url)}</h1>'
    return "\n".join([head, '<ol class="road">', *stations, _end(trace, end), "</ol>"])


def _station(part: Part, following: State) -> str:
    label = part.state if part.layer or part.state == State.WRONG else ""
    rows = [paragraph(part.text), paragraph(part.where, "where")]
    return station(f"{part.state} to-{following}", _SIGNS[part.state], part.layer, rows, label)


def _end(trace: Trace, state: State) -> str:
    rows = [paragraph(detail, "where") for detail in details(trace.road.outcome)]
    return station(f"{state} end", _SIGNS[state], headline(trace.road.outcome), rows, state)
