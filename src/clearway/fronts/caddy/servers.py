"""Listeners and the sites behind them; which of them get TLS, and a redirect to it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import TYPE_CHECKING

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location

from . import directives, matchers
from .addresses import Address
from .compiling import Scope, consolidated, subroute, written_out
from .parsing import Block
from .request import Request
from .routes import Handler, Route

if TYPE_CHECKING:
    from .reading import Configuration


@dataclass(frozen=True)
class Site:
    """Those addresses of a block that one listener serves."""

    addresses: tuple[Address, ...]
    block: Block
    directives: tuple[Directive, ...]

    @property
    def title(self) -> str:
        return ", ".join(address.key.text for address in self.addresses)


@dataclass
class Server:
    """What listens on an address: its port, the local address or empty for all, and the routes."""

    bind: str
    port: str
    sites: list[Site]
    is_tls: bool = False
    routes: tuple[Route, ...] = ()
    errors: tuple[Route, ...] = ()
    hosts: tuple[str, ...] = ()

    def is_at(self, address: str | None, port: int) -> bool:
        """Whether a connection to the address and port arrives here."""
        if int(self.port) != port:
            return False
        return (
            address is None
            or self.bind in {"", "0.0.0.0", "::", address}
            or (self.bind == "localhost" and address in {"127.0.0.1", "::1"})
        )


class Servers:
    """All listeners of a configuration. Raises ConfigurationError for what Caddy does not take."""

    def __init__(self, configuration: "Configuration") -> None:
        self._paths = configuration.paths
        self._options = {option.name: option for option in configuration.options}
        self._http, self._https = self._option("http_port", "80"), self._option("https_port", "443")
        self._auto = self._option("auto_https", "on")
        self._scope = Scope.of(configuration.options, directives.MAKERS)
        self._servers: dict[tuple[str, str], Server] = {}
        for block in configuration.sites:
            self._add(block)
        for server in self._servers.values():
            self._complete(server)
        self._redirect()

    def at(self, address: str | None, port: int) -> Server | None:
        """The listener of an address and port; one of that very address comes before one of all."""
        fitting = [server for server in self._servers.values() if server.is_at(address, port)]
        return max(fitting, key=lambda server: bool(server.bind), default=None)

    @property
    def ports(self) -> list[tuple[str, int]]:
        """Scheme and port of every listener."""
        return [("https" if each.is_tls else "http", int(each.port)) for each in self._servers.values()]

    def _option(self, name: str, default: str) -> str:
        option = self._options.get(name)
        return option.words[0] if option and option.words else default

    # --- sites

    def _add(self, block: Block) -> None:
        own = tuple(map(written_out, block.directives))
        binds = [word for each in own if each.name == "bind" for word in each.words]
        if not binds and "default_bind" in self._options:
            binds = list(self._options["default_bind"].words)
        by_port: dict[str, list[Address]] = {}
        for key in block.keys:
            if key.text.startswith("@"):
                raise ConfigurationError("a matcher stands outside of a site", key.location)
            address = Address.parse(key)
            by_port.setdefault(address.listens(self._http, self._https), []).append(address)
        for port, addresses in by_port.items():
            for bind in binds or [""]:
                host = bind.rpartition("/")[2].strip("[]")
                server = self._servers.setdefault((host, port), Server(host, port, []))
                server.sites.append(Site(tuple(addresses), block, own))

    def _complete(self, server: Server) -> None:
        _unambiguous(server)
        server.sites.sort(key=cmp_to_key(_compared))
        server.is_tls = self._has_tls(server)
        server.hosts = tuple(self._hosts(server))
        for site in server.sites:
            files = dict.fromkeys(each.location.file for each in _walk(site.directives))
            hidden = tuple(map(self._paths.there, files))
            scope = self._scope.inner(hidden)
            routes = scope.sorted_routes(site.directives)
            own = tuple(_matchers(site))
            server.routes += tuple(_site_routes(site, own, routes))
            for each in site.directives:
                if each.name == "handle_errors":
                    inside = scope.inner().sorted_routes(each.block or ())
                    handler = _only(each.words, subroute(each, None, inside))
                    server.errors += tuple(
                        Route((handler,), matcher, each.location, terminal=True) for matcher in own or (None,)
                    )
        server.routes = consolidated(server.routes)

    # --- TLS

    def _has_tls(self, server: Server) -> bool:
        addresses = [address for site in server.sites for address in site.addresses]
        if any(_has_policy(each) for site in server.sites for each in site.directives if each.name == "tls"):
            return True
        if any(each.scheme == "https" or self._is_secure(each) for each in addresses):
            return server.port != self._http or any(each.scheme == "https" for each in addresses)
        return self._auto != "off" and server.port == self._https

    def _is_secure(self, address: Address) -> bool:
        return address.scheme != "http" and bool(address.host) and address.port != self._http

    def _hosts(self, server: Server) -> Iterator[str]:
        """Hosts for which certificates are managed."""
        plain = {each.host for site in server.sites for each in site.addresses if each.scheme == "http"}
        for site in server.sites:
            if all(each.host for each in site.addresses):
                yield from (each.host for each in site.addresses if each.host not in plain)

    def _redirect(self) -> None:
        """What comes by HTTP for a server with TLS is sent there."""
        if self._auto in {"off", "disable_redirects"}:
            return
        secure = [each for each in self._servers.values() if each.is_tls and each.port != self._http]
        for bind in dict.fromkeys(server.bind for server in secure):
            own = [server for server in secure if server.bind == bind]
            last = _redirection(own[0].sites[0].block.location, "")
            routes = tuple(self._redirections(own))
            server = self._servers.get((bind, self._http)) or next(
                (each for each in self._servers.values() if each.port == self._http), None
            )
            if server is None:
                self._servers[bind, self._http] = Server(bind, self._http, [], False, (*routes, last))
                continue
            place = max((at + 1 for at, route in enumerate(server.routes) if _is_of_host(route)), default=0)
            middle = routes if any(each.hosts for each in own) else ()
            server.routes = (*server.routes[:place], *middle, *server.routes[place:], last)

    def _redirections(self, servers: Iterable[Server]) -> Iterator[Route]:
        for server in servers:
            port = "" if server.port in {self._http, self._https, "80", "443"} else f":{server.port}"
            for site in server.sites:
                if server.hosts or not port:
                    hosts = tuple(each.host for each in site.addresses if each.host in server.hosts)
                    place = site.block.location
                    if hosts or not server.hosts:
                        matcher = matchers.of_hosts(hosts, "", place) if hosts else None
                        yield replace(_redirection(place, port), matcher=matcher)
                else:
                    yield _redirection(site.block.location, port)


def _redirection(place: Location, port: str) -> Route:
    def handler(request: Request) -> bool:
        to = request.all(f"https://{{http.request.host}}{port}{{http.request.uri}}")
        request.headers.set("Location", to)
        request.headers.set("Content-Type")
        request.step("redirect", f"automatic HTTPS: 308 to {to}", place)
        request.answer(308)
        return True

    return Route((handler,), None, place)


def _is_of_host(route: Route) -> bool:
    return bool(route.matcher and route.matcher.has_host)


def _only(codes: Sequence[str], handler: Handler) -> Handler:
    """As of Caddy 2.8 `handle_errors` may name statuses."""
    if not codes:
        return handler

    def filtered(request: Request) -> bool:
        status = str(request.error.status) if request.error else ""
        fits = any(code == status or (code[1:] == "xx" and code[0] == status[:1]) for code in codes)
        return handler(request) if fits else False

    return filtered


def _has_policy(tls: Directive) -> bool:
    """Whether it says more than who signs."""
    named = {line.name for line in tls.block or ()}
    return len(tls.words) == 2 or bool(named & {"protocols", "ciphers", "curves", "client_auth", "alpn"})


def _walk(own: Iterable[Directive]) -> Iterator[Directive]:
    for each in own:
        yield each
        yield from _walk(each.block or ())


# --- which site


def _site_routes(site: Site, own: Sequence[matchers.Matcher], routes: Sequence[Route]) -> Iterator[Route]:
    """The site's own matchers around its routes; only the first site that matches is asked."""

    def handler(request: Request) -> bool:
        from .routes import run

        return run(routes, request)

    place = site.addresses[0].key.location
    if not own and not routes:
        return
    if own:
        test = own[0] if len(own) == 1 else _any(own)
        yield Route((_entered(site, handler),), test, place, terminal=True)
    else:
        yield Route((_entered(site, handler),), None, place, terminal=True)


def _any(own: Sequence[matchers.Matcher]) -> matchers.Matcher:
    title = ", ".join(each.title for each in own)
    has_host = any(each.has_host for each in own)
    key = tuple(each.key for each in own)
    return matchers.Matcher(title, (lambda request: any(each.matches(request) for each in own),), (), has_host, key=key)


def _entered(site: Site, handler: Handler) -> Handler:
    place = site.addresses[0].key.location

    def entered(request: Request) -> bool:
        request.step("server", f"site {site.title}", place)
        return handler(request)

    return entered


def _matchers(site: Site) -> Iterator[matchers.Matcher]:
    """Hosts by path; an address without a host lets all in, from there on."""
    by_path: dict[str, list[str]] = {}
    takes_all = False
    for address in site.addresses:
        hosts = by_path.setdefault(address.path, [])
        if not address.host and not takes_all:
            hosts.clear()
            takes_all = True
        if not takes_all and address.host not in hosts:
            hosts.append(address.host)
    for path, hosts in by_path.items():
        if hosts or path:
            yield matchers.of_hosts(tuple(hosts), path, site.addresses[0].key.location)


def _compared(one: Site, two: Site) -> int:
    return _less(two, one) - _less(one, two)


def _less(one: Site, two: Site) -> bool:
    """Whether the first is the more specific one: a host before wildcards, those before no host; then the longer."""
    host, other = _longest(one, "host"), _longest(two, "host")
    if not _weight(host):
        return False
    if not _weight(other):
        return True
    is_wild, is_other_wild = _is_wild(one), _is_wild(two)
    if is_wild != is_other_wild:
        return is_other_wild
    if _weight(host) == _weight(other):
        return len(_longest(one, "path")) > len(_longest(two, "path"))
    return _weight(host) > _weight(other)


def _is_wild(site: Site) -> bool:
    return any("*" in each.host or not each.host for each in site.addresses)


def _longest(site: Site, part: str) -> str:
    return max((str(getattr(each, part)) for each in site.addresses), key=_weight, default="")


def _weight(text: str) -> int:
    """Its length without stars and placeholders."""
    return len(re.sub(r"\{[^}]*\}|\*", "", text))


def _unambiguous(server: Server) -> None:
    seen: dict[str, Site] = {}
    for site in server.sites:
        for address in site.addresses:
            if seen.setdefault(address.key.text, site) is not site:
                raise ConfigurationError(f"two sites have the address {address.key.text}", address.key.location)
