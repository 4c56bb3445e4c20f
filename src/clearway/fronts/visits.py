"""A URL as somebody types it, as the request that a browser makes of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote

from .road import Visit

_PORTS = {"http": 80, "https": 443}
_URL = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<target>[^#]*)", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::(?P<port>[0-9]*))?")
_SENT = "!$%&'()*+,/:;=?@[]~\"<>\\^`{|}"  # what browsers and curl send as it is; the rest of ASCII never needs more
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=%-]+")


class UrlError(ValueError):
    """A text that no request can be made of; the message says why."""


@dataclass(frozen=True)
class Home:
    """Where a URL without a host is: `/static/site.css` as people copy it out of a page."""

    scheme: str = "http"
    host: str = "localhost"


@dataclass(frozen=True)
class Resolved:
    """Addresses by host and port, as curl's `--resolve` takes them; the last that fits counts."""

    rows: tuple[tuple[str, int, str], ...] = ()

    @classmethod
    def parse(cls, written: Iterable[str]) -> "Resolved":
        """From `HOST:PORT:ADDRESS[,ADDRESS…]` each; `*` is any host. Raises `ValueError`."""
        return cls(tuple(_row(each) for each in written))

    def address(self, host: str, port: int) -> str | None:
        """The address to connect to; None where nobody says, so that any may be meant."""
        wanted = (host.lower().rstrip("."), "*")
        named = [to for name, at, to in self.rows if at == port and name in wanted]
        return named[-1] if named else _literal(host)


def visit_of(url: str, resolved: Resolved | None = None, home: Home | None = None) -> Visit:
    """The GET of a URL, or of a path on `home`. Raises `UrlError`."""
    scheme, host, port, target = _parts(url.strip(), home or Home())
    return Visit("GET", scheme, host, port, target, (resolved or Resolved()).address(host, port))


def _parts(url: str, home: Home) -> tuple[str, str, int, str]:
    if _CONTROL.search(url):
        raise UrlError("a URL holds no control characters")
    if url.startswith("/") and not url.startswith("//"):
        return home.scheme, home.host, _PORTS[home.scheme], _target(url.partition("#")[0])
    found = _URL.fullmatch(url.partition("#")[0])
    if not found:
        raise UrlError("not a URL: begin it with http:// or https://, or give a path that begins with a slash")
    scheme = found["scheme"].lower()
    host, port = _host(found["authority"].rpartition("@")[2], _PORTS[scheme])
    return scheme, host, port, _target(found["target"])


def _host(authority: str, default: int) -> tuple[str, int]:
    found = _AUTHORITY.fullmatch(authority)
    if not found:
        raise UrlError(f"not a host: {authority!r}")
    port = int(found["port"] or default)
    if not 0 < port < 65536:
        raise UrlError(f"not a port: {port}")
    return _ascii_host(found["host"]), port


def _ascii_host(host: str) -> str:
    try:
        written = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise UrlError(f"not a host: {host!r}") from None
    if not (written.startswith("[") or _NAME.fullmatch(written)):
        raise UrlError(f"not a host: {host!r}")
    return written


def _target(text: str) -> str:
    """The request target: what may not be sent as it is, percent-encoded in UTF-8."""
    path = text if text.startswith("/") else f"/{text}"
    return quote(path, safe=_SENT, errors="surrogateescape")


def _row(written: str) -> tuple[str, int, str]:
    host, _, rest = written.removeprefix("+").partition(":")
    if written.startswith("["):
        host, _, rest = written[1:].partition("]:")
    port, _, addresses = rest.partition(":")
    first = addresses.partition(",")[0].strip().strip("[]")
    if not (host and port.isascii() and port.isdigit() and _literal(first)):
        raise ValueError(f"not HOST:PORT:ADDRESS: {written!r}")
    return host.lower().rstrip("."), int(port), first


def _literal(host: str) -> str | None:
    """The address that a host is itself."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return None
