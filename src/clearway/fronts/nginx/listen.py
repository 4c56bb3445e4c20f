"""`listen`: which address and port a server answers."""

import re
from dataclasses import dataclass

from clearway.fronts.directive import Directive
from clearway.fronts.nginx.scope import Server

_PORTS = re.compile(r"\d+(?:-\d+)?")
_ADDRESS = re.compile(rf"(?P<host>\[[^\]]*\]|[^:\[\]]+)(?::(?P<ports>{_PORTS.pattern}))?")
_EVERY = frozenset({"*", "0.0.0.0", ""})
_EVERY_6 = frozenset({"[::]", "[::0]"})


@dataclass(frozen=True)
class Listen:
    """One address and port; `address` is `*` for every IPv4 one, `[::]` for every IPv6 one."""

    address: str
    port: int
    is_default: bool = False
    ssl: bool = False
    both: bool = False  # an IPv6 socket that takes IPv4 too
    directive: Directive | None = None

    def takes(self, address: str | None) -> bool:
        """Whether a connection to this local address can reach the socket."""
        if address is None or address == self.address:
            return True
        if ":" in address:
            return self.address == "[::]" or self.address == f"[{address.strip('[]')}]"
        return self.address == "*" or (self.address == "[::]" and self.both)

    @property
    def is_wild(self) -> bool:
        """Whether it stands for every address."""
        return self.address in {"*", "[::]"}


def listens(server: Server) -> list[Listen]:
    """Of a server; without any it is port 80."""
    on = server.is_on("ssl")
    found = [each for directive in server.here("listen") for each in _listened(directive, on)]
    return found or [Listen("*", 80, ssl=on)]


def _listened(directive: Directive, ssl: bool) -> list[Listen]:
    """One for each port of a range."""
    written, options = directive.words[0], set(directive.words[1:])
    address, ports = _parsed(written)
    is_default, both = bool(options & {"default_server", "default"}), "ipv6only=off" in options
    ssl = ssl or bool(options & {"ssl", "quic"})
    return [Listen(address, port, is_default, ssl, both, directive) for port in ports]


def _parsed(written: str) -> tuple[str, range]:
    if written.startswith("unix:"):
        return written, range(1)
    match = _ADDRESS.fullmatch(written)
    host, ports = (match["host"], match["ports"] or "80") if match else (written, "80")
    if _PORTS.fullmatch(written):
        host, ports = "*", written
    first, _, last = ports.partition("-")
    return _resolved(host), range(int(first), int(last or first) + 1)


def _resolved(host: str) -> str:
    """Names of a `listen` are resolved by nginx at start; only this one is the same everywhere."""
    if host in _EVERY:
        return "*"
    return "[::]" if host in _EVERY_6 else "127.0.0.1" if host == "localhost" else host.lower()
