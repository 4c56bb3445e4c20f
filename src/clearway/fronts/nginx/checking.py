"""An existing configuration against what a project needs: what is not right, and the smallest patch that was found.

Each need is a request whose answer is predicted. A change is proposed only when, read again, it meets the need and
takes nothing away from those that were met.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clearway.fronts.files import Files, WorkerFiles
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker
from clearway.fronts.road import Location, Road, Visit
from clearway.fronts.site import Site

from .errors import ConfigurationError
from .listen import listens
from .needs import Need, Pretended, needs, pretended_files
from .reading import Configuration, read
from .remedies import Case, remedies
from .routing import route
from .texts import Texts


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


def check(site: Site, main: str, paths: PathMap) -> Checked:
    """Compare. Raises `ConfigurationError` and `OSError` for what cannot be read."""
    checker = _Checker(site, read(main, paths))
    return checker.run()


class _Checker:
    def __init__(self, site: Site, configuration: Configuration) -> None:
        self._site, self._original = site, configuration
        self._files = Pretended(WorkerFiles(Worker(0, 0), configuration.paths), pretended_files(site))
        self._visit = _entrance(site, configuration, self._files)

    def run(self) -> Checked:
        before = texts = Texts.of(self._original)
        configuration, lacks, unknown = self._original, list[Lack](), list[str]()
        wanted = list(needs(self._site))
        for need in wanted:
            road = self._road(configuration, need)
            if road.outcome.unknown:
                unknown.append(f"{need.target}: {road.outcome.unknown}")
                continue
            problem = need.wrong(configuration, road)
            if not problem:
                continue
            changed = self._remedy(need, road, configuration, texts, wanted)
            place = _decider(self._road(self._original, need))  # lines as they are now, before the patch
            lacks.append(Lack(need.about, need.target, problem, place, changed is not None))
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
            except (ConfigurationError, OSError):
                continue
            if not any(self._problem(again, each) for each in (need, *met)):
                return candidate, again
        return None

    def _problem(self, configuration: Configuration, need: Need) -> str:
        road = self._road(configuration, need)
        return road.outcome.unknown or need.wrong(configuration, road)

    def _road(self, configuration: Configuration, need: Need) -> Road:
        fields = {"content-length": str(need.length)} if need.length else {}
        visit = replace(self._visit, method=need.method, target=need.target, fields=fields)
        return route(configuration, visit, self._files)


def _decider(road: Road) -> Location | None:
    """The line that the answer is decided in."""
    places = [step.location for step in road.steps if step.location]
    return places[-1] if places else None


def _entrance(site: Site, configuration: Configuration, files: Files) -> Visit:
    """Where browsers come in: HTTPS if the host is there, else where it is."""
    hosts = [host.removeprefix(".") for host in site.hosts if host != "*"]
    host = hosts[0] if hosts else "localhost"
    listened = sorted({each.port for server in configuration.http.servers for each in listens(server)})
    choices = [("https", 443), ("http", 80), *((scheme, port) for scheme in ("http", "https") for port in listened)]
    for scheme, port in choices:
        visit = Visit("GET", scheme, host, port, "/")
        if not route(configuration, visit, files).outcome.unknown:
            return visit
    return Visit("GET", "http", host, 80, "/")
