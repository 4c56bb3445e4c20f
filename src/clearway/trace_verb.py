"""`clearway trace`: the road of URLs through the project, its front and the application."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from .fronts.errors import FrontError
from .fronts.rendering.data import data
from .fronts.rendering.text import lines
from .fronts.trace import Trace, exit_code
from .fronts.visits import Resolved
from .results import Result
from .walking import Walker, front_of, project_of

USUAL = "/etc/nginx/nginx.conf"


def trace(options: Namespace) -> Result:
    """Walk every URL. Raises `FrontError`, `UnknownWorkerError` and what settings raise that must load."""
    project = project_of(options)
    front = front_of(options)
    if project is None and front is None:
        raise FrontError("nothing to walk: no settings are found here, and no web server's configuration; see --help")
    walker = Walker(project, front, Resolved.parse(options.resolve), live=options.probe)
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


def _urls(options: Namespace) -> Iterator[str]:
    yield from options.urls
    for file in options.urls_from:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8", "surrogateescape")
        yield from (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
