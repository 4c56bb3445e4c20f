"""An existing Caddyfile against what a project needs: Caddy tells the application of Host and scheme by itself."""

from clearway.fronts.checking import Checked, Comparison, Mending, files_of
from clearway.fronts.files import Files
from clearway.fronts.needs import Need, needs
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Visit
from clearway.fronts.site import Site

from .editing import read_again, texts_of
from .reading import Configuration, read
from .remedies import Case, remedies
from .routing import route


def check(site: Site, main: str, paths: PathMap) -> Checked:
    """Compare. Raises `ConfigurationError` and `OSError` for what cannot be read."""
    original = read(main, paths)
    files = files_of(site, original.paths)
    wanted: list[Need[Configuration]] = [*needs(site)]
    mending = Mending(
        texts_of(original),
        lambda *case: remedies(Case(site, *case)),
        lambda texts: read_again(texts, original),
    )
    return Comparison(route, files, entrance_of(site, original, files), wanted).of(original, mending)


def entrance_of(site: Site, configuration: Configuration, files: Files) -> Visit:
    """Where browsers come in: HTTPS if the host is there, else where it is."""
    hosts = [host.removeprefix(".") for host in site.hosts if host != "*"]
    for host in [*hosts, "localhost"]:
        for scheme, port in sorted(configuration.servers.ports, key=lambda each: each[0] != "https"):
            visit = Visit("GET", scheme, host, port, "/")
            road = route(configuration, visit, files)
            if not road.outcome.unknown and any(step.layer == "server" and step.ok for step in road.steps):
                return visit
    return Visit("GET", "http", hosts[0] if hosts else "localhost", 80, "/")
