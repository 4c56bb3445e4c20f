"""`listen`: which address and port a server answers."""

import re
from dataclasses import dataclass

from clearway.fronts.directive import Directive
from clearway.fronts.nginx.scope import Server

_ADDRESS = re.compile(r"(?:(?P<host>\[[^\]]*\]|[^:\[\]]+)(?::(?P<port>\d+))?)\Z")
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
    return [_listen(each, on) for each in server.here("listen")] or [Listen("*", 80, ssl=on)]


def _listen(directive: Directive, ssl: bool) -> Listen:
    written, options = directive.words[0], set(directive.words[1:])
    address, port = _parsed(written)
    return Listen(
        address,
        port,
        bool(options & {"default_server", "default"}),
        ssl or bool(options & {"ssl", "quic"}),
        "ipv6only=off" in options,
        directive,
    )


def _parsed(written: str) -> tuple[str, int]:
    if written.isdigit():
        return "*", int(written)
    if written.startswith("unix:"):
        return written, 0
    match = _ADDRESS.match(written)
    host, port = (match["host"], int(match["port"] or 80)) if match else (written, 80)
    if host in _EVERY:
        return "*", port
    return ("[::]" if host in _EVERY_6 else _resolved(host)), port


def _resolved(host: str) -> str:
    """Names of a `listen` are resolved by nginx at start; only this one is the same everywhere."""
    return "127.0.0.1" if host == "localhost" else host.lower()
