"""An existing configuration of nginx against what a project needs."""

from clearway.fronts.checking import Checked, Comparison, Mending, files_of
from clearway.fronts.files import Files
from clearway.fronts.needs import Need, needs
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Visit
from clearway.fronts.site import Site

from . import forwarded
from .editing import read_again, texts_of
from .listen import listens
from .reading import Configuration, read
from .remedies import Case, remedies
from .routing import route


def check(site: Site, main: str, paths: PathMap) -> Checked:
    """Compare. Raises `ConfigurationError` and `OSError` for what cannot be read."""
    original = read(main, paths)
    files = files_of(site, original.paths)
    wanted: list[Need[Configuration]] = [*needs(site), *forwarded.needs(site)]
    mending = Mending(
        texts_of(original),
        lambda *case: remedies(Case(site, *case)),
        lambda texts: read_again(texts, original),
    )
    return Comparison(route, files, entrance_of(site, original, files), wanted).of(original, mending)


def entrance_of(site: Site, configuration: Configuration, files: Files) -> Visit:
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
