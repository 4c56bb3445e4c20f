"""An existing Caddyfile against what a project needs: what is not right, and the smallest patch that was found.

Each need is a request whose answer is predicted. A change is proposed only when, read again, it meets the need and
takes nothing away from those that were met.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from clearway.fronts.files import Files, WorkerFiles
from clearway.fronts.nginx.checking import Checked, Lack
from clearway.fronts.nginx.needs import Need, Pretended, needs, pretended_files
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker
from clearway.fronts.road import Location, Road, Visit
from clearway.fronts.site import Site

from .errors import ConfigurationError
from .reading import Configuration, read
from .remedies import Case, remedies
from .routing import route
from .texts import Texts


def check(site: Site, main: str, paths: PathMap) -> Checked:
    """Compare. Raises `ConfigurationError` and `OSError` for what cannot be read."""
    return _Checker(site, read(main, paths)).run()


class _Checker:
    def __init__(self, site: Site, configuration: Configuration) -> None:
        self._site, self._original = site, configuration
        self._files = Pretended(WorkerFiles(Worker(0, 0), configuration.paths), pretended_files(site))
        self._visit = _entrance(site, configuration, self._files)

    def run(self) -> Checked:
        before = texts = Texts.of(self._original)
        configuration, lacks, unknown = self._original, list[Lack](), list[str]()
        # Caddy tells the application of Host and scheme by itself
        wanted = [need for need in needs(self._site) if need.about != "forwarded"]
        for need in wanted:
            road = self._road(configuration, need)
            if road.outcome.unknown:
                unknown.append(f"{need.target}: {road.outcome.unknown}")
                continue
            problem = _wrong(need, road)
            if not problem:
                continue
            changed = self._remedy(need, road, configuration, texts, wanted)
            lacks.append(Lack(need.about, need.target, problem, _decider(road), changed is not None))
            if changed:
                texts, configuration = changed
        return Checked(lacks, texts.patch(before), unknown)

    def _remedy(
        self, need: Need, road: Road, configuration: Configuration, texts: Texts, wanted: Sequence[Need]
    ) -> tuple[Texts, Configuration] | None:
        met = [each for each in wanted if not self._problem(configuration, each)]
        candidates = [each for each in remedies(Case(self._site, need, road, configuration, texts)) if each]
        for candidate in sorted(candidates, key=lambda each: each.changed_lines(texts)):
            try:
                again = candidate.read_again(self._original)
                if not any(self._problem(again, each) for each in (need, *met)):
                    return candidate, again
            except (ConfigurationError, OSError):
                continue
        return None

    def _problem(self, configuration: Configuration, need: Need) -> str:
        road = self._road(configuration, need)
        return road.outcome.unknown or _wrong(need, road)

    def _road(self, configuration: Configuration, need: Need) -> Road:
        fields = {"content-length": str(need.length)} if need.length else {}
        visit = replace(self._visit, method=need.method, target=need.target, fields=fields)
        return route(configuration, visit, self._files)


def _wrong(need: Need, road: Road) -> str:
    no_configuration: Any = None  # only needs of nginx look at it
    return need.wrong(no_configuration, road)


def _decider(road: Road) -> Location | None:
    """The line that the answer is decided in."""
    places = [step.location for step in road.steps if step.location]
    return places[-1] if places else None


def _entrance(site: Site, configuration: Configuration, files: Files) -> Visit:
    """Where browsers come in: HTTPS if the host is there, else where it is."""
    hosts = [host.removeprefix(".") for host in site.hosts if host != "*"]
    for host in [*hosts, "localhost"]:
        for scheme, port in sorted(configuration.servers.ports, key=lambda each: each[0] != "https"):
            visit = Visit("GET", scheme, host, port, "/")
            road = route(configuration, visit, files)
            if not road.outcome.unknown and any(step.layer == "server" and step.ok for step in road.steps):
                return visit
    return Visit("GET", "http", hosts[0] if hosts else "localhost", 80, "/")
