"""What all forms of a road for people share: short paths, the answer in words, which part is right."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from clearway.fronts.road import Location, Outcome
from clearway.fronts.trace import Trace

# what a terminal obeys, what is no text, and what turns the order of the letters round
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
# header fields that say more to a cache than to a reader, or that another word of the answer says
_UNTOLD = frozenset({"accept-ranges", "content-length", "content-type", "date", "etag", "last-modified", "server"})


class State(StrEnum):
    """A part of the road: right, the first that is wrong, or what comes after that."""

    RIGHT = "right"
    WRONG = "wrong"
    AFTER = "after"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Part:
    """A step for a reader; `layer` is empty where it is that of the step before."""

    layer: str
    text: str
    where: str
    state: State


def parts(trace: Trace) -> Iterator[Part]:
    """The steps in order."""
    before = ""
    for place, step in enumerate(trace.road.steps):
        layer = "" if step.layer == before else step.layer
        yield Part(layer, clean(step.decision), where(step.location), _state(place, trace.wrong))
        before = step.layer


def _state(place: int, wrong: int | None) -> State:
    if wrong is None or place < wrong:
        return State.RIGHT
    return State.WRONG if place == wrong else State.AFTER


def end_state(trace: Trace) -> State:
    """Whether the answer is the right one."""
    if trace.wrong is not None:
        return State.WRONG
    return State.UNKNOWN if trace.road.outcome.unknown else State.RIGHT


def where(location: Location | None) -> str:
    """`file:line`, from the working directory where the file is below it; of a macro also where it is used."""
    if not location:
        return ""
    used = f", used at {where(location.used)}" if location.used else ""
    return clean(f"{short(location.file)}:{location.line}") + used


def short(path: str) -> str:
    """A path from the working directory where it is below it."""
    here = str(Path.cwd()).rstrip(os.sep) + os.sep
    return path[len(here) :] if path.startswith(here) and len(here) > 1 else path


def headline(outcome: Outcome) -> str:
    """The answer in a few words."""
    if not outcome.by:
        return "no answer could be worked out"
    if outcome.status is None:
        return "the application decides" if outcome.by == "application" else "this cannot be known from here"
    who = {"application": "the application", "catalog": "the catalog in the application"}.get(outcome.by, outcome.by)
    return f"{outcome.status} from {who}"


def details(outcome: Outcome) -> list[str]:
    """What else is known of the answer, a line each."""
    rows = [
        outcome.type or "",
        short(outcome.file) if outcome.file else "",
        f"handed to {outcome.upstream}" if outcome.upstream else "",
        *(f"{name}: {value}" for name, value in outcome.headers.items() if name not in _UNTOLD),
        outcome.unknown if outcome.unknown and outcome.by else "",
    ]
    return [clean(row) for row in rows if row]


def clean(text: str) -> str:
    """Without control characters, which a file name or a configuration may hold, and a terminal would obey."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
