"""An existing configuration of httpd against what a project needs; what is written by us shows the remedy."""

from dataclasses import replace

from clearway.fronts.checking import Checked, Comparison, Lack, files_of
from clearway.fronts.files import Files
from clearway.fronts.needs import Need, needs
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Visit
from clearway.fronts.site import Site

from .reading import Configuration, read
from .routing import route


def check(site: Site, main: str, paths: PathMap) -> Checked:
    """Compare. Raises `ConfigurationError` and `OSError` for what cannot be read."""
    configuration = read(main, paths)
    files = files_of(site, paths)
    entrance = _entrance(site, configuration, files)
    wanted: list[Need[Configuration]] = [*needs(site)]
    found = Comparison(route, files, entrance, wanted).of(configuration)
    untold = [Lack("forwarded", "/", told, None, solved=False) for told in _untold(site, configuration, entrance)]
    return replace(found, lacks=[*found.lacks, *untold])


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
