"""Virtual hosts, and which of them takes a request (server/vhost.c)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from .packaged import before
from .patterns import fits

if TYPE_CHECKING:
    from .reading import Configuration

SECTIONS = frozenset({"directory", "directorymatch", "files", "filesmatch", "location", "locationmatch", "proxy"})


@dataclass(frozen=True)
class Server:
    """The main server or a virtual host: its own directives, without the sections of other servers."""

    directives: tuple[Directive, ...]
    section: Directive | None = None

    def words(self, name: str) -> tuple[str, ...] | None:
        """Of the last directive of a name."""
        return next((each.words for each in reversed(self.directives) if each.name == name), None)

    def all(self, name: str) -> Iterator[Directive]:
        return (each for each in self.directives if each.name == name)

    @property
    def name(self) -> str:
        """ServerName without scheme and port."""
        given = (self.words("servername") or ("",))[0]
        return re.sub(r"^\w+://", "", given).partition(":")[0].lower() if "[" not in given else given

    @property
    def port(self) -> int | None:
        """That of ServerName; an internal redirect forgets the one of the request."""
        found = re.search(r":(\d+)\Z", (self.words("servername") or ("",))[0])
        return int(found[1]) if found else None

    @property
    def addresses(self) -> tuple[tuple[str, int | None], ...]:
        """(address, port) pairs; an empty address is any, no port is any."""
        return tuple(_pair(word) for word in (self.section.words if self.section else ()))

    def answers_to(self, host: str) -> bool:
        """By ServerName or ServerAlias."""
        if self.name == host:
            return True
        for alias in (word.lower() for each in self.all("serveralias") for word in each.words):
            if alias == host or (any(mark in alias for mark in "*?") and _is_alike(host, alias)):
                return True
        return False


def _is_alike(host: str, alias: str) -> bool:
    """`*` takes dots as well (ap_strcasecmp_match)."""
    return fits(host, alias.replace("[", "[[]"))


def _pair(word: str) -> tuple[str, int | None]:
    host, _, port = word.rpartition(":") if not word.endswith("]") else (word, "", "")
    if not host:
        host, port = port, ""
    if port and not (port.isdecimal() or port == "*"):
        host, port = word, ""
    number = int(port) if port.isdecimal() else None
    bare = host.strip("[]").lower()
    return ("" if bare in {"*", "_default_"} else bare), number


@dataclass(frozen=True)
class Choice:
    """The server that takes a request, and why."""

    server: Server
    reason: str


@dataclass(frozen=True)
class Servers:
    """The main server, the virtual hosts in their order, and what is listened to."""

    main: Server
    hosts: tuple[Server, ...]
    listens: tuple[tuple[str, int | None], ...]

    @classmethod
    def of(cls, configuration: "Configuration") -> "Servers":
        own = tuple(each for each in configuration.directives if each.name != "virtualhost")
        hosts = tuple(Server(each.block or (), each) for each in configuration.directives if each.name == "virtualhost")
        listens = tuple(_listen(each.words[0]) for each in own if each.name == "listen" and each.words)
        return cls(Server((*before(own), *own)), hosts, listens)

    def is_listened(self, port: int, address: str | None) -> bool:
        """Whether a connection comes in; a configuration without Listen belongs into another one."""
        return not self.listens or any(
            at == port and (not host or address is None or host == address) for host, at in self.listens
        )

    def choose(self, host: str, port: int, address: str | None) -> Choice:
        """For the Host of a request on a port and local address."""
        taking = self._of_address(port, address)
        if not taking:
            return Choice(self.main, "no virtual host has this address: the main server")
        for each in taking if host else ():
            if each.answers_to(host):
                return Choice(each, f"{host} by its name")
        for each in taking if host else ():
            if any(pair[0] == host and _takes(pair, port, address) for pair in each.addresses):
                return Choice(each, f"{host} by the address it is written with")
        return Choice(taking[0], f"the first virtual host of port {port}: no name fits {host or 'an absent Host'}")

    def _of_address(self, port: int, address: str | None) -> list[Server]:
        """Those of the address itself go before those of any address."""
        exact = [each for each in self.hosts if any(_takes(pair, port, address) and pair[0] for pair in each.addresses)]
        any_ = [each for each in self.hosts if any(not pair[0] and _of_port(pair, port) for pair in each.addresses)]
        return exact or any_


def _listen(word: str) -> tuple[str, int | None]:
    if word.isdecimal():
        return "", int(word)
    address, port = _pair(word)
    return ("" if address in {"0.0.0.0", "::"} else address), port


def _of_port(pair: tuple[str, int | None], port: int) -> bool:
    return pair[1] is None or pair[1] == port


def _takes(pair: tuple[str, int | None], port: int, address: str | None) -> bool:
    if not _of_port(pair, port):
        return False
    try:
        wanted = ip_address(pair[0])
    except ValueError:
        if not pair[0]:
            return False
        if pair[0] == "localhost":
            return address is None or address == "127.0.0.1"
        if address is None:
            return True
        raise Unknowable(f"The address of <VirtualHost {pair[0]}> is asked of the name service.") from None
    return address is None or ip_address(address) == wanted
