"""`clearway trace`: the road of URLs through the project, its front and the application."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .fronts.errors import FrontError
from .fronts.expectation import Expectation, blamed, judged
from .fronts.front import NAMES, BrokenFront, Front, open_front
from .fronts.path_map import PathMap
from .fronts.permission import Worker
from .fronts.rendering.data import data
from .fronts.rendering.text import lines
from .fronts.road import Outcome, Road, Step, Visit
from .fronts.trace import Trace, exit_code
from .fronts.visits import Home, Resolved, UrlError, visit_of
from .results import Result

if TYPE_CHECKING:
    from .trace_project import TracedProject

USUAL = "/etc/nginx/nginx.conf"


def trace(options: Namespace) -> Result:
    """Walk every URL. Raises `FrontError`, `UnknownWorkerError` and what settings raise that must load."""
    project = _project(options)
    front = _front(options)
    if project is None and front is None:
        raise FrontError("nothing to walk: no settings are found here, and no web server's configuration; see --help")
    walker = _Walker(project, front, Resolved.parse(options.resolve), live=options.probe)
    urls = list(_urls(options))
    if not urls:
        raise FrontError("no URL to trace: give one, or --urls-from FILE")
    traces = [walker.walk(url) for url in urls]
    return Result(
        [data(each) for each in traces],
        lambda paint: lines(traces, paint),
        exit_code(traces),
        {"html": lambda: _html(traces), "svg": lambda: _svg(traces)},
    )


def _html(traces: list[Trace]) -> str:
    from .fronts.rendering.html import html

    return html(traces)


def _svg(traces: list[Trace]) -> str:
    from .fronts.rendering.svg import svg

    return svg(traces)


class _Walker:
    """Everything that does not change from URL to URL."""

    def __init__(
        self, project: "TracedProject | None", front: Front | BrokenFront | None, resolved: Resolved, *, live: bool
    ) -> None:
        self._project, self._front, self._resolved, self._live = project, front, resolved, live

    def walk(self, url: str) -> Trace:
        """One URL, from the settings to the answer."""
        try:
            visit = visit_of(url, self._resolved, self._project.home if self._project else Home())
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
        inner = self._project.in_process(visit, _target(visit, passed), is_file=bool(expected.kind))
        return Road(inner.steps, replace(inner.outcome, upstream=passed.upstream))


def _target(visit: Visit, outcome: Outcome) -> str:
    """What the application is asked for: the path of the upstream's address where the front gives one."""
    _, _, address = (outcome.upstream or "").partition("://")
    if address.startswith("unix:"):
        _, _, sent = address.removeprefix("unix:").partition(":")
    else:
        sent = address[address.find("/") :] if "/" in address else ""
    return sent if sent.startswith("/") else visit.target


def _path(visit: Visit) -> str:
    return unquote(visit.target.partition("?")[0], errors="surrogateescape")


def _probed(visit: Visit, outcome: Outcome) -> Step:
    from .fronts import probe

    try:
        return probe.compared(probe.ask(visit), outcome)
    except OSError as error:
        return probe.unreachable(error)


def _project(options: Namespace) -> "TracedProject | None":
    """The project that the settings describe; None where there are none."""
    if not options.has_settings:
        return None
    from .trace_project import TracedProject

    return TracedProject.loaded(must_load=bool(options.settings))


def _front(options: Namespace) -> Front | BrokenFront | None:
    """The front that the options name, else the usual configuration of this machine where it is there."""
    paths = PathMap.parse(options.map)
    worker = _worker(options.worker) if options.worker else None
    for name in NAMES:
        if main := getattr(options, name):
            return open_front(name, main, paths, worker)
    return open_front("nginx", USUAL, paths, worker, found=True) if Path(USUAL).is_file() else None


def _worker(written: str) -> Worker:
    """From `USER[:GROUP]`, or the number of a process. Raises `UnknownWorkerError`."""
    if written.isdecimal() and Path(f"/proc/{written}").exists():
        return Worker.of_process(int(written))
    user, _, group = written.partition(":")
    return Worker.named(user, group or None)


def _urls(options: Namespace) -> Iterator[str]:
    yield from options.urls
    for file in options.urls_from:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8", "surrogateescape")
        yield from (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
