"""An existing configuration against what a project needs: what is not right, and the smallest patch that was found.

Each need is a request whose answer is predicted. A change is proposed only when, read again, it meets the need and
takes nothing away from those that were met.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from urllib.parse import quote

from .errors import ConfigurationError
from .files import Files, WorkerFiles
from .needs import Need, Pretended, pretended_files
from .path_map import PathMap
from .permission import Worker
from .road import Location, Road, Visit
from .site import Site
from .texts import Texts

C = TypeVar("C")  # a configuration


@dataclass(frozen=True)
class Lack:
    """A need that is not met; `solved` is whether the patch meets it."""

    about: str
    target: str
    problem: str
    location: Location | None
    solved: bool


@dataclass(frozen=True)
class Checked:
    """What is not right, the patch, and what could not be told."""

    lacks: Sequence[Lack]
    patch: Sequence[str]
    unknown: Sequence[str]


@dataclass(frozen=True)
class Mending(Generic[C]):
    """How the configuration can be changed: changes that may help a need on its road, and reading the changed texts."""

    texts: Texts
    remedies: Callable[[Need[C], Road, C, Texts], Iterable[Texts | None]]
    read_again: Callable[[Texts], C]


def files_of(site: Site, paths: PathMap) -> Files:
    """The disk with the files that the needs ask for, read by one who may read all."""
    return Pretended(WorkerFiles(Worker(0, 0), paths), pretended_files(site))


@dataclass(frozen=True)
class Comparison(Generic[C]):
    """The needs of a site, and how a front is asked for each: every request begins with the visit `entrance`."""

    route: Callable[[C, Visit, Files], Road]
    files: Files
    entrance: Visit
    wanted: Sequence[Need[C]]

    def of(self, original: C, mending: Mending[C] | None = None) -> Checked:
        """What is not right, with a patch where the configuration can be mended."""
        configuration, lacks, unknown = original, list[Lack](), list[str]()
        texts = mending.texts if mending else None
        for need in self.wanted:
            road = self._road(configuration, need)
            if road.outcome.unknown:
                unknown.append(f"{need.target}: {road.outcome.unknown}")
                continue
            problem = need.wrong(configuration, road)
            if not problem:
                continue
            changed = (
                self._mended(need, road, configuration, replace(mending, texts=texts)) if mending and texts else None
            )
            place = _decider(self._road(original, need))  # lines as they are now, before the patch
            lacks.append(Lack(need.about, need.target, problem, place, changed is not None))
            if changed:
                texts, configuration = changed
        return Checked(lacks, texts.patch(mending.texts) if mending and texts else [], unknown)

    def _mended(self, need: Need[C], road: Road, configuration: C, mending: Mending[C]) -> tuple[Texts, C] | None:
        met = [each for each in self.wanted if not self._problem(configuration, each)]
        candidates = [each for each in mending.remedies(need, road, configuration, mending.texts) if each]
        for candidate in sorted(candidates, key=lambda each: each.changed_lines(mending.texts)):
            try:
                again = mending.read_again(candidate)
            except (ConfigurationError, OSError):
                continue
            if not any(self._problem(again, each) for each in (need, *met)):
                return candidate, again
        return None

    def _problem(self, configuration: C, need: Need[C]) -> str:
        road = self._road(configuration, need)
        return road.outcome.unknown or need.wrong(configuration, road)

    def _road(self, configuration: C, need: Need[C]) -> Road:
        fields = {"content-length": str(need.length)} if need.length else {}
        visit = replace(self.entrance, method=need.method, target=quote(need.target), fields=fields)
        return self.route(configuration, visit, self.files)


def _decider(road: Road) -> Location | None:
    """The line that the answer is decided in."""
    places = [step.location for step in road.steps if step.location]
    return places[-1] if places else None
