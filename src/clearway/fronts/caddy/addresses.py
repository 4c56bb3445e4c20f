"""The addresses of a site: scheme, host, port and path."""

import ipaddress
from dataclasses import dataclass

from clearway.fronts.errors import ConfigurationError

from .lexing import Token


@dataclass(frozen=True)
class Address:
    """As it is written; what is not written is empty. The host is in lower case."""

    scheme: str
    host: str
    port: str
    path: str
    key: Token

    @classmethod
    def parse(cls, key: Token) -> "Address":
        """Raises ConfigurationError for a port that is none."""
        scheme, mark, rest = key.text.strip().partition("://")
        if not mark:
            scheme, rest = "", key.text.strip()
        place, slash, path = rest.partition("/")
        host, port = _split(place)
        if port and not (port.isdecimal() and int(port) <= 65535):
            raise ConfigurationError(f"{key.text}: {port} is no port", key.location)
        return cls(scheme.lower(), _normal(host), port, slash + path, key)

    def listens(self, http_port: str, https_port: str) -> str:
        """Its port. Raises ConfigurationError where scheme and port contradict each other."""
        port = self.port or (http_port if self.scheme == "http" else https_port)
        if (self.scheme, port) in {("http", https_port), ("https", http_port)}:
            raise ConfigurationError(f"{self.key.text}: scheme and port contradict each other", self.key.location)
        return port


def _split(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        return host, port.removeprefix(":")
    host, colon, port = place.rpartition(":")
    return (host, port) if colon and place.count(":") == 1 else (place, "")


def _normal(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host if "{" in host else host.lower()
