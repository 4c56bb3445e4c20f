"""The road of a request on a page: its stations, and where it is broken, in words and signs as well as in colour."""

from collections.abc import Iterator, Sequence

from clearway.doctor.station import State, Station
from clearway.fronts.rendering.sheet import paragraph, station

from .words import shown

_SIGNS = {
    State.START: "",
    State.RIGHT: "✓",
    State.RISK: "!",
    State.WRONG: "×",
    State.AFTER: "",
    State.UNSEEN: "?",
}
_SAID = {
    State.START: "",
    State.RIGHT: "nothing wrong found",
    State.RISK: "a risk was seen",
    State.WRONG: "broken here",
    State.AFTER: "behind the break",
    State.UNSEEN: "not looked at",
}


def road(stations: Sequence[Station]) -> str:
    """The list of the stations; each cause is linked to."""
    following = [*(each.state for each in stations[1:]), State.START]
    items = [_item(*pair) for pair in zip(stations, following, strict=True)]
    return "\n".join(['<ol class="road">', *items, "</ol>"])


def _item(each: Station, following: State) -> str:
    said = _SAID[each.state]
    rows = [f'<p class="state">{said}{"".join(_links(each))}</p>'] if said else []
    rows += [paragraph(shown(row), "where") for row in each.told]
    return station(f"{each.state} to-{following}", _SIGNS[each.state], each.name, rows, said or "start")


def _links(each: Station) -> Iterator[str]:
    for place, number in enumerate(each.found):
        yield f'{", " if place else ": "}<a href="#cause-{number + 1}">cause {number + 1}</a>'
