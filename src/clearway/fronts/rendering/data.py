"""A road for programs."""

from typing import Any

from clearway.fronts.road import Location, Outcome, Step
from clearway.fronts.trace import Trace


def data(trace: Trace) -> dict[str, Any]:
    """The keys of the JSON that `clearway trace` prints, but for `schema`."""
    road = trace.road
    return {"url": trace.url, "steps": [_step(each) for each in road.steps], "outcome": _outcome(road.outcome)}


def _step(step: Step) -> dict[str, Any]:
    return {"layer": step.layer, "decision": step.decision, "location": _location(step.location), "ok": step.ok}


def _location(location: Location | None) -> dict[str, Any] | None:
    return {"file": location.file, "line": location.line} if location else None


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "by": outcome.by or None,
        "status": outcome.status,
        "file": outcome.file,
        "upstream": outcome.upstream,
        "type": outcome.type,
        "headers": dict(outcome.headers),
        "unknown": outcome.unknown,
    }
