"""An existing configuration of httpd against what a project needs; what is written by us shows the remedy."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from clearway.fronts.files import Files, WorkerFiles
from clearway.fronts.nginx.checking import Checked, Lack
from clearway.fronts.nginx.needs import Need, Pretended, needs, pretended_files
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker
from clearway.fronts.road import Location, Road, Visit
from clearway.fronts.site import Site

from .reading import Configuration, read
from .routing import route


def check(site: Site, main: str, paths: PathMap) -> Checked:
    """Compare. Raises `ConfigurationError` and `OSError` for what cannot be read."""
    configuration = read(main, paths)
    files = Pretended(WorkerFiles(Worker(0, 0), paths), pretended_files(site))
    entrance = _entrance(site, configuration, files)
    lacks, unknown = [], []
    for need in needs(site):
        if need.about == "forwarded":
            continue
        road = _road(configuration, entrance, need, files)
        if road.outcome.unknown:
            unknown.append(f"{need.target}: {road.outcome.unknown}")
        elif problem := _wrong(need, road):
            lacks.append(Lack(need.about, need.target, problem, _decider(road), solved=False))
    lacks += [Lack("forwarded", "/", told, None, solved=False) for told in _untold(site, configuration, entrance)]
    return Checked(lacks, [], unknown)


def _road(configuration: Configuration, entrance: Visit, need: Need, files: Files) -> Road:
    fields = {"content-length": str(need.length)} if need.length else {}
    return route(configuration, replace(entrance, method=need.method, target=quote(need.target), fields=fields), files)


def _wrong(need: Need, road: Road) -> str:
    no_configuration: Any = None  # only needs of nginx look at it
    return need.wrong(no_configuration, road)


def _decider(road: Road) -> Location | None:
    """The line that the answer is decided in."""
    places = [step.location for step in road.steps if step.location]
    return places[-1] if places else None


def _untold(site: Site, configuration: Configuration, entrance: Visit) -> list[str]:
    """What a proxied application is not told; mod_wsgi tells all."""
    servers = configuration.servers
    server = servers.choose(entrance.host, entrance.port, entrance.address).server
    own = [*servers.main.directives, *(server.directives if server is not servers.main else ())]
    if not any(each.name in {"proxypass", "proxypassmatch"} for each in own):
        return []
    found = []
    preserved = [each.words[0].lower() for each in own if each.name == "proxypreservehost" and each.words]
    if preserved[-1:] != ["on"]:
        found.append("the application is not told Host: ProxyPreserveHost is off")
    told = {each.words[1].lower() for each in own if each.name == "requestheader" and len(each.words) > 1}
    if site.reads_scheme and site.scheme_field.lower() not in told:
        found.append(f"the application is not told {site.scheme_field}: RequestHeader sets none")
    return found


def _entrance(site: Site, configuration: Configuration, files: Files) -> Visit:
    """Where browsers come in: HTTPS if the host is there, else where it is."""
    hosts = [host.removeprefix(".") for host in site.hosts if host != "*"]
    host = hosts[0] if hosts else "localhost"
    ports = sorted({port for each in configuration.servers.hosts for _, port in each.addresses if port})
    choices = [("https", 443), ("http", 80), *((scheme, port) for scheme in ("http", "https") for port in ports)]
    known = {port for _, port in configuration.servers.listens} | set(ports)
    for scheme, port in choices:
        visit = Visit("GET", scheme, host, port, "/")
        if port in known and not route(configuration, visit, files).outcome.unknown:
            return visit
    return Visit("GET", "http", host, 80, "/")
