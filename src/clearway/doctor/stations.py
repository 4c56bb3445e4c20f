"""The stations that the request for a file passes, and what was found at each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .facts import Facts
from .finding import Finding, Level
from .known_stations import known_stations, passed_by, sample_of
from .registry import all_checks
from .report import Report, Status
from .rule import Layer
from .station import Place, State, Station

_PLACES: Mapping[Layer, tuple[Place, ...]] = {
    Layer.SETTINGS: (Place.APPLICATION,),
    Layer.SOURCE: (Place.FILES,),
    Layer.COLLECTION: (Place.FILES,),
    Layer.RECORD: (Place.FILES,),
    Layer.PLATFORM: (Place.PLATFORM,),
    Layer.FRONT: (Place.FRONT,),
    Layer.APPLICATION: (Place.APPLICATION,),
    Layer.FILE: (Place.FILES,),
    Layer.PERMISSION: (Place.FILES,),
    Layer.ANSWER: (Place.FRONT, Place.CDN, Place.APPLICATION),  # whichever of them is there
    Layer.BROWSER: (Place.BROWSER,),
    Layer.SEEN: (Place.FRONT,),  # whoever answered, known or not
}


def stations(facts: Facts, report: Report) -> Sequence[Station]:
    """From the browser to the file. What was found is always at one of them, known or not."""
    causes = [each.finding for each in report.roots]
    first = causes[0] if causes else None
    walked = sample_of(facts, first)
    known = {each.place: each for each in known_stations(facts, walked, first)}
    layers = {check.rule.id: check.rule.layer for check in all_checks()}
    found: dict[Place, list[int]] = {}
    for number, cause in enumerate(causes):
        if cause.id in layers:
            found.setdefault(_place(layers[cause.id], known), []).append(number)
    for place, numbers in found.items():
        known.setdefault(place, Station(place, _name(place, causes[numbers[0]])))
    passed = {_place(layers[each.id], known) for each in report.checks if each.status == Status.PASSED}
    passed.discard(Place.CDN)  # which no check of files and settings looks at
    for place in passed_by(facts, walked) - set(found):
        known.pop(place, None)
    shown = [replace(known[each], found=tuple(found.get(each, ()))) for each in Place if each in known]
    return list(_judged(shown, causes, passed))


def _judged(shown: Sequence[Station], causes: Sequence[Finding], passed: set[Place]) -> Iterator[Station]:
    """What is found behind a cause that stops the request is not called right."""
    is_stopped = False
    for each in shown:
        here = [causes[number] for number in each.found]
        levels = {cause.level for cause in here}
        yield replace(each, state=_state(each.place, levels, is_after=is_stopped, is_seen=each.place in passed))
        is_stopped = is_stopped or any(cause.level == Level.ERROR and cause.breaks for cause in here)


def _state(place: Place, levels: set[Level], *, is_after: bool, is_seen: bool) -> State:
    if Level.ERROR in levels:
        return State.WRONG
    if Level.WARNING in levels:
        return State.RISK
    if is_after:
        return State.AFTER
    if place == Place.BROWSER:
        return State.START
    return State.RIGHT if is_seen else State.UNSEEN


def _place(layer: Layer, known: Mapping[Place, Station]) -> Place:
    places = _PLACES[layer]
    return next((each for each in places if each in known), places[0])


def _name(place: Place, cause: Finding) -> str:
    """Of a station that is known by a finding only."""
    if place == Place.PLATFORM and cause.location:
        return Path(cause.location.file).name
    return f"the {place}"
