"""A station on the road of a request."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """A kind of station."""

    BROWSER = "browser"
    CDN = "CDN"
    PLATFORM = "platform"
    FRONT = "web server"
    APPLICATION = "application"
    FILES = "files"


class State(StrEnum):
    """How a station is: `unseen` where no check could look, `after` behind a broken one, `start` for the browser."""

    START = "start"
    RIGHT = "right"
    RISK = "risk"
    WRONG = "wrong"
    AFTER = "after"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Station:
    """`told` is what is known of it, a line each; `found` are the places of its causes among those of the report."""

    place: Place
    name: str
    told: tuple[str, ...] = ()
    state: State = State.UNSEEN
    found: tuple[int, ...] = ()
