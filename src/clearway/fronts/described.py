"""A request that fails, as somebody describes it on the command line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .road import Visit

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # in no value (RFC 9110 §5.5)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[0-9]+)?")
_SIZE = re.compile(r"([0-9]+)([kmg]?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Described:
    """`urls` are those that fail, none where it may be any. `fields` by lower-case name, Host excepted.

    `host` is that field, empty where it is the URL's. Several fields of one name are one, as RFC 9110 §5.3 joins them.
    """

    method: str = "GET"
    fields: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    urls: tuple[str, ...] = ()

    @classmethod
    def of(cls, method: str, fields: Iterable[tuple[str, str]], octets: int | None, urls: Iterable[str]) -> "Described":
        """Put together; a body without a method is sent with POST. Raises `ValueError` for what contradicts itself."""
        joined: dict[str, str] = {}
        for name, value in fields:
            joined[name] = f"{joined[name]}{'; ' if name == 'cookie' else ', '}{value}" if name in joined else value
        host = joined.pop("host", "")
        if host and not _HOST.fullmatch(host):
            raise ValueError(f"not a host: {host!r}")
        length = _length(joined, octets)
        method = method or ("POST" if length else "GET")
        if length and method in _READING:
            raise ValueError(f"{method} has no body: --method names another for --body-size")
        return cls(method, joined | ({"content-length": str(length)} if length is not None else {}), host, tuple(urls))

    @property
    def is_reading(self) -> bool:
        """Whether it can be sent to see what happens; every other method is predicted only."""
        return self.method in _READING

    @property
    def is_writing(self) -> bool:
        """Whether it asks a view to do something, as no request for a file does."""
        return not self.is_reading and self.method != "OPTIONS"

    @property
    def is_anywhere(self) -> bool:
        """Whether it is how any URL is asked for."""
        return self.is_reading and not self.urls

    @property
    def octets(self) -> int | None:
        """The size of its body; None where nobody says."""
        length = self.fields.get("content-length")
        return None if length is None else int(length)

    @property
    def is_plain(self) -> bool:
        """Whether it is what a browser sends by itself."""
        return self.method == "GET" and not self.fields and not self.host

    def visit(self, visit: Visit) -> Visit:
        """A visit by this request, in its method, fields and host."""
        host = self.host.rpartition(":")[0] if re.search(r":\d+$", self.host) else self.host
        return replace(visit, method=self.method, host=host or visit.host, fields={**visit.fields, **self.fields})


def field_of(written: str) -> tuple[str, str]:
    """`Name: value` as (lower-case name, value). Raises `ValueError`."""
    name, colon, value = written.partition(":")
    if not colon or not _TOKEN.fullmatch(name):
        raise ValueError(f"not 'Name: value': {written!r}")
    if _CONTROL.search(value):
        raise ValueError(f"the value of {name} holds a control character")
    return name.lower(), value.strip(" \t")


def method_of(written: str) -> str:
    """A method in upper case. Raises `ValueError`."""
    if not _TOKEN.fullmatch(written):
        raise ValueError(f"not a method: {written!r}")
    return written.upper()


def octets_of(written: str) -> int:
    """A size in octets, or with k, m or g as nginx has them: `20m` is 20·1024². Raises `ValueError`."""
    found = _SIZE.fullmatch(written)
    if not found:
        raise ValueError(f"not a number of octets: {written!r}; 20m is 20 megabytes")
    return int(found[1]) * _UNITS[found[2].lower()]


def _length(fields: Mapping[str, str], octets: int | None) -> int | None:
    """What Content-Length and the size say together."""
    said = fields.get("content-length")
    if said is None:
        return octets
    if not (said.isascii() and said.isdigit()):
        raise ValueError(f"Content-Length is no number of octets: {said!r}")
    if octets is not None and octets != int(said):
        raise ValueError(f"Content-Length is {said}, and --body-size {octets}")
    return int(said)
