"""One sample's way through the front alone, and whether it ends where it should."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os.path import realpath
from posixpath import basename, normpath
from typing import Any
from weakref import WeakKeyDictionary

from clearway.doctor.facts import Facts, Sample, Walked
from clearway.fronts.front import Front
from clearway.fronts.road import Location, Road, Visit

from .watched import Watched, disk

_ENCODED = ("", ".br", ".gz", ".zst")
_CLIENT = "203.0.113.7"  # somebody on the internet (RFC 5737)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_known: "WeakKeyDictionary[object, list[Passage]]" = WeakKeyDictionary()  # walked once for all rules


@dataclass(frozen=True)
class Passage:
    """A sample, its request, the front's road and the files that were looked for, in the front's paths."""

    front: Front
    walked: Walked
    visit: Visit
    road: Road
    asked: Sequence[str]

    @property
    def sample(self) -> Sample:
        return self.walked.sample

    @property
    def due(self) -> str:
        """The file that has to answer, in the front's paths; empty where none is known."""
        return normpath(self.front.paths.there(self.sample.file)) if self.sample.file else ""

    @property
    def root(self) -> str:
        """The directory that the prefix stands for, in the front's paths."""
        return self.due.removesuffix(f"/{self.sample.name}")

    @cached_property
    def looked(self) -> str:
        """The file that is sought for the URL: the first of its name, else the last that was looked at."""
        name = basename(self.sample.name)
        named = [path for path in self.asked if path.endswith(name)]
        return next(iter(named), self.asked[-1] if self.asked else "")

    @property
    def is_file(self) -> bool:
        """Whether a file is due for it."""
        return bool(self.due) and self.visit.method in {"GET", "HEAD"}

    @property
    def is_ours(self) -> bool:
        """Whether the front answers by itself."""
        return self.road.outcome.by == self.front.name

    @property
    def delivers(self) -> bool:
        """Whether the front answers with the due file."""
        outcome = self.road.outcome
        if outcome.status == 304:  # the browser has it, since it asked with what it knows
            return self.is_ours
        return self.is_ours and outcome.status in {200, 206} and self._is_due(outcome.file)

    def _is_due(self, file: str | None) -> bool:
        return bool(file) and realpath(file or "") in {realpath(self.sample.file + suffix) for suffix in _ENCODED}

    @property
    def is_broken(self) -> bool:
        """Whether the file does not arrive because of the front; of what cannot be known that is not said."""
        outcome = self.road.outcome
        if outcome.unknown or outcome.by not in {self.front.name, "application"}:
            return False
        if outcome.by == "application":
            return not self.walked.answered
        if outcome.status in _REDIRECTS:
            return outcome.headers.get("location", "").partition("?")[0].endswith(f"{self.visit.target}/")
        return not self.delivers

    def through(self, configuration: Any, visit: Visit | None = None) -> "Passage":
        """The same sample through another configuration, or by another request."""
        return passage(replace(self.front, configuration=configuration), self.walked, visit or self.visit)

    def asking(self, target: str) -> "Passage":
        """The same sample by another URL."""
        return passage(self.front, self.walked, replace(self.visit, target=target))

    def places(self, *layers: str) -> list[Location]:
        """Where the steps of these layers are written, in their order."""
        return [step.location for step in self.road.steps if step.location and (not layers or step.layer in layers)]


def passage(front: Front, walked: Walked, visit: Visit) -> Passage:
    """Walk a sample through a front."""
    due = normpath(front.paths.there(walked.sample.file)) if walked.sample.file else ""
    files = Watched(disk(front), [due] if due else ())
    road = front.route(front.configuration, visit, files)
    return Passage(front, walked, visit, road, tuple(files.asked))


def passages(facts: Facts, *kinds: str) -> Iterator[Passage]:
    """Those of the samples of these kinds, or of all, as a page of the site makes a browser ask.

    The fields of a described request replace those that a browser sends by itself.
    """
    if facts not in _known:
        _known[facts] = list(_all(facts))
    return (each for each in _known[facts] if not kinds or each.sample.kind in kinds)


def _all(facts: Facts) -> Iterator[Passage]:
    for each in facts.roads:
        if each.visit:
            own: dict[str, str] = (
                {} if each.sample.kind == "page" else {"referer": f"{each.visit.scheme}://{each.visit.host}/"}
            )
            yield passage(facts.front, each, replace(each.visit, fields={**own, **each.visit.fields}, client=_CLIENT))
