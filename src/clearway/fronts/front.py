"""A front with its configuration read: the part of a road that it decides."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from .errors import ConfigurationError, FrontError
from .files import Files, WorkerFiles
from .known_worker import KnownWorker
from .path_map import PathMap
from .permission import Worker, judge
from .road import Location, Outcome, Road, Step, Visit

NAMES = ("nginx", "caddy", "apache")


@dataclass(frozen=True)
class Front:
    """A configuration and its worker; `first` are the steps of every road through it.

    `found` is its main file where nobody named it: then it need not be the one that answers.
    """

    name: str
    configuration: Any
    files: Files
    worker: KnownWorker
    paths: PathMap
    route: Callable[[Any, Visit, Files], Road]
    first: tuple[Step, ...] = ()
    found: str = ""

    def road(self, visit: Visit) -> Road:
        """The front's steps, then the file and the worker's right to read it."""
        road = self.route(self.configuration, visit, self.files)
        if self.found and road.outcome.unknown and not any(step.ok for step in road.steps):
            said = f"{self.found} has nothing on port {visit.port}: something else listens there"
            return Road((Step(self.name, said),), Outcome("application"))
        return replace(road, steps=(*self.first, *road.steps, *self._reached(road)))

    def _reached(self, road: Road) -> Iterator[Step]:
        told = {step.layer for step in road.steps}
        file = road.outcome.file
        if not file or road.outcome.by != self.name:
            return
        if "file" not in told:
            seen = self.files.look(self.paths.there(file))
            said = f"{file}, {seen.size:,} octets" if seen.exists else f"{file}: {seen.reason}"
            yield Step("file", said, ok=seen.exists)
        if "permission" not in told:
            yield self._permission(file)

    def _permission(self, file: str) -> Step:
        verdict = judge(self.worker.worker, file)
        said = "; ".join([f"{verdict.reason} ({self.worker.known_by})", *verdict.notes])
        return Step("permission", said, self.worker.location, ok=verdict.allowed is not False)


@dataclass(frozen=True)
class BrokenFront:
    """A configuration that cannot be read: every road ends at it; `is_closed` to this user."""

    name: str
    reason: str
    location: Location | None = None
    is_closed: bool = False

    def road(self, visit: Visit) -> Road:
        """The reason, and no answer."""
        return Road((Step(self.name, self.reason, self.location, ok=False),), Outcome("", unknown=self.reason))


def open_front(
    name: str, main: str, paths: PathMap, worker: Worker | None, *, found: bool = False
) -> Front | BrokenFront:
    """Read a configuration. Raises `FrontError` for a kind of front that is not read."""
    try:
        reading, routing = (import_module(f"clearway.fronts.{name}.{part}") for part in ("reading", "routing"))
    except ModuleNotFoundError:
        raise FrontError(f"this version of Clearway does not read configurations of {name}") from None
    try:
        configuration = reading.read(main, paths)
        _ = getattr(configuration, "servers", ())  # Caddy refuses some when it puts the whole together
    except OSError as error:
        is_closed = isinstance(error, PermissionError)
        return BrokenFront(name, f"{main}: {(error.strerror or str(error)).lower()}", is_closed=is_closed)
    except ConfigurationError as error:
        return BrokenFront(name, error.message, error.location)
    except ValueError as error:  # the name of an included file holds a NUL
        return BrokenFront(name, f"{main}: {error}")
    chosen = KnownWorker(worker, "by --worker") if worker else _worker(name, configuration)
    steps = _told(name, main, configuration, found=found)
    return Front(
        name,
        configuration,
        WorkerFiles(chosen.worker, paths),
        chosen,
        paths,
        routing.route,
        tuple(steps),
        main if found else "",
    )


def _told(name: str, main: str, configuration: Any, *, found: bool) -> Iterator[Step]:
    if found:
        yield Step(name, f"{main}, found on this machine; --{name} names another")
    for problem in configuration.problems:
        yield Step(name, problem.message, problem.location)


def _worker(name: str, configuration: Any) -> KnownWorker:
    workers = import_module(f"clearway.fronts.{name}.workers")
    chosen: KnownWorker = workers.worker_of(configuration)
    return chosen
