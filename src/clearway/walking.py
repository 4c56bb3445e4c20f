"""The walk of one URL: through the project, its front and the application."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .fronts.described import Described
from .fronts.expectation import Expectation, blamed, judged
from .fronts.front import NAMES, BrokenFront, Front, open_front
from .fronts.handed import sent_target
from .fronts.path_map import PathMap
from .fronts.permission import Worker
from .fronts.road import Outcome, Road, Step, Visit
from .fronts.trace import Trace
from .fronts.visits import Home, Resolved, UrlError, visit_of

if TYPE_CHECKING:
    from .fronts.nginx.installed import Installed
    from .trace_project import TracedProject

USUAL = "/etc/nginx/nginx.conf"


class Walker:
    """Everything that does not change from URL to URL."""

    def __init__(
        self, project: "TracedProject | None", front: Front | BrokenFront | None, resolved: Resolved, *, live: bool
    ) -> None:
        self._project, self._front, self._resolved, self._live = project, front, resolved, live

    def walk(self, url: str, described: Described | None = None) -> Trace:
        """One URL, from the settings to the answer, by a GET or by the request that is described."""
        try:
            visit = visit_of(url, self._resolved, self._project.home if self._project else Home())
            visit = described.visit(visit) if described else visit
        except UrlError as error:
            return Trace.failed(url, "url", str(error))
        expected = self._project.expectation(visit) if self._project else Expectation()
        passed = self._front.road(visit) if self._front else Road((), Outcome("application"))
        inner = self._handed_on(visit, expected, passed.outcome)
        later = passed.steps + inner.steps
        steps = expected.steps + (tuple(replace(step, ok=True) for step in later) if expected.hidden else later)
        steps = blamed(expected, steps)
        if all(step.ok for step in steps):
            steps += tuple(judged(expected, inner.outcome, _path(visit)))
        if self._live:
            steps += (_probed(visit, inner.outcome),)
        return Trace(url, Road(steps, inner.outcome))

    def _handed_on(self, visit: Visit, expected: Expectation, passed: Outcome) -> Road:
        """The application's part, where the front hands on."""
        if passed.by != "application" or self._project is None or passed.unknown:
            return Road((), passed)
        inner = self._project.in_process(visit, sent_target(visit, passed), is_file=bool(expected.kind))
        return Road(inner.steps, replace(inner.outcome, upstream=passed.upstream))


def _path(visit: Visit) -> str:
    return unquote(visit.target.partition("?")[0], errors="surrogateescape")


def _probed(visit: Visit, outcome: Outcome) -> Step:
    from .fronts import probe

    try:
        return probe.compared(probe.ask(visit), outcome)
    except OSError as error:
        return probe.unreachable(error)


def project_of(options: Namespace) -> "TracedProject | None":
    """The project that the settings describe; None where there are none."""
    if not options.has_settings:
        return None
    from .trace_project import TracedProject

    return TracedProject.loaded(must_load=bool(options.settings))


def front_of(options: Namespace) -> Front | BrokenFront | None:
    """The front that the options name, else the usual configuration of this machine where it is there."""
    paths = PathMap.parse(options.map)
    worker = _worker(options.worker) if options.worker else None
    for name in NAMES:
        if main := getattr(options, name):
            return _of_version(open_front(name, main, paths, worker), options.nginx_version)
    return open_front("nginx", USUAL, paths, worker, found=True) if Path(USUAL).is_file() else None


def _of_version(front: Front | BrokenFront, nginx: "Installed | None") -> Front | BrokenFront:
    """A front that is nginx, of a version that was given."""
    if nginx is None or not isinstance(front, Front) or front.name != "nginx":
        return front
    return replace(front, configuration=replace(front.configuration, given_version=nginx.version))


def _worker(written: str) -> Worker:
    """From `USER[:GROUP]`, or the number of a process. Raises `UnknownWorkerError`."""
    if written.isdecimal() and Path(f"/proc/{written}").exists():
        return Worker.of_process(int(written))
    user, _, group = written.partition(":")
    return Worker.named(user, group or None)
