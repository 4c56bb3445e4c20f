"""The road of one URL through every layer, as `clearway trace` tells it."""

from dataclasses import dataclass
from functools import cached_property

from .road import Outcome, Road, Step


@dataclass(frozen=True)
class Trace:
    """A URL as it was given, and its road."""

    url: str
    road: Road

    @property
    def walked(self) -> bool:
        """Whether the road could be made out."""
        return bool(self.road.outcome.by)

    @cached_property
    def wrong(self) -> int | None:
        """The place of the first step that is not as it should be; what follows it is its consequence."""
        return next((place for place, step in enumerate(self.road.steps) if not step.ok), None)

    @classmethod
    def failed(cls, url: str, layer: str, reason: str) -> "Trace":
        """A URL that could not be traced."""
        return cls(url, Road((Step(layer, reason, ok=False),), Outcome("", unknown=reason)))


def exit_code(traces: list[Trace]) -> int:
    """0 when every step of every URL is right, 1 when one is not, 2 when no URL could be traced."""
    if traces and not any(each.walked for each in traces):
        return 2
    return 1 if any(each.wrong is not None for each in traces) else 0
