"""What a cache of one's own has to know of the files behind it in order to be written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from clearway.fronts.errors import UnwritableError
from clearway.fronts.quoting import as_sent, literal
from clearway.http.negotiation import SUFFIXES

# The rest of a URL path as it is sent. What needs no escape has none, and no slash, backslash or control character has
# one: so a file has one spelling, and a dot is seen (RFC 3986 §2.3, §6.2.2).
_ESCAPE = "2[0-9A-Ca-c]|3[A-Fa-f]|40|5[BDEbde]|60|7[B-Db-d]|[89A-Fa-f][0-9A-Fa-f]"
_PATH = rf"(?![./])(?![^?]*(?:/[./?]|%(?!{_ESCAPE})))[A-Za-z0-9._~!$&'()*+,;=:@|^\[\]%/-]+"
_HASH = r"\.[0-9a-f]{12}"  # as Django names files by their content
_VARIANT = rf"[^?]*{_HASH}\.[^./?]+\.(?:br|zst|gz)"  # is no file of its own
_NAMES = rf"(?!(?:staticfiles\.json|[^?]*/|{_VARIANT})(?:[?]|$)){_PATH}"

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_PREFIX = re.compile(rf"/(?:{_PATH})?")


@dataclass(frozen=True)
class Origin:
    """Where files come from: an address by HTTP, and the path before their names, with a slash at each end.

    `by` is the HOST:PORT that is connected to instead, without TLS.
    """

    scheme: str
    host: str
    port: int
    path: str
    by: str = ""

    @classmethod
    def parse(cls, url: str, by: str = "") -> "Origin":
        """From `https://bucket.example/prefix`. Raises `UnwritableError`."""
        try:
            parts = urlsplit(url)
            scheme, port = parts.scheme, parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            scheme, port = "", 0
        host = parts.netloc.rpartition(":")[0] if scheme and parts.port else parts.netloc if scheme else ""
        path = as_sent(unquote(parts.path)) if host else ""
        if not (port and _HOST.fullmatch(host)) or parts.query or not _PREFIX.fullmatch(path or "/"):
            raise UnwritableError(f"{url} is not the address of an origin, such as https://bucket.example/prefix")
        return cls(scheme, host, port, path.rstrip("/") + "/", by)

    @property
    def field(self) -> str:
        """The header field Host."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def is_tls(self) -> bool:
        """Whether the connection is by TLS."""
        return self.scheme == "https" and not self.by

    @property
    def connected(self) -> tuple[str, int]:
        """The host and port that are connected to. Raises `UnwritableError`."""
        if not self.by:
            return self.host, self.port
        host, _, port = self.by.rpartition(":")
        if not (port.isdigit() and _HOST.fullmatch(host)):
            raise UnwritableError(f"{self.by}: an edge reaches its origin at HOST:PORT")
        return host, int(port)


@dataclass(frozen=True)
class Edge:
    """A cache, the files behind it, and who may tell it to forget.

    name        what its variables begin with
    made_for    in words, where all of this comes from
    host        of STATIC_URL, empty where that names none
    prefix      the URL path that all files are below, with a slash at each end
    origin      where they come from
    negotiates  whether the origin picks an encoding itself, as the application does; in a bucket they are objects
    codings     the content codings of these, the preferred one first
    coding      the one coding of all texts, where there are no others
    any_origin  whether other origins may read the files
    texts       extensions (".x") of what may be encoded
    unchanging  directories in which every name is one of a bundler, made from the content
    sent        header fields for the origin
    purgers     addresses and networks that may send PURGE
    """

    name: str
    made_for: str
    host: str
    prefix: str
    origin: Origin
    negotiates: bool = False
    codings: tuple[str, ...] = tuple(SUFFIXES)
    coding: str = ""
    any_origin: bool = True
    texts: tuple[str, ...] = ()
    unchanging: tuple[str, ...] = ()
    sent: tuple[tuple[str, str], ...] = ()
    purgers: tuple[str, ...] = ("127.0.0.1", "::1")

    @property
    def quoted_prefix(self) -> str:
        """The prefix as it is sent."""
        return as_sent(self.prefix)

    @property
    def names(self) -> str:
        """A regular expression for the names behind the prefix: no empty segment, none that begins with a dot."""
        return _NAMES

    @property
    def encoded(self) -> str:
        """A regular expression for the names that may have encoded variants: of texts, and never of what may change."""
        return _one_of(self.encoded_rows)

    @property
    def encoded_rows(self) -> list[str]:
        """The same, one by one: nginx takes no word of 4,096 octets."""
        ends = _either(each.lower()[1:] for each in self.texts)
        return [rf".*{_HASH}\.(?:{ends})", *(rf"{each}/[^/]+\.(?:{ends})" for each in self._folders())]

    @property
    def fixed(self) -> str:
        """A regular expression for the names that never change."""
        return _one_of([rf".*{_HASH}(?:\.[^./]+)?", *(f"{each}/[^/]+" for each in self._folders())])

    def _folders(self) -> list[str]:
        return [literal(as_sent(each)) for each in self.unchanging]


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted({literal(word) for word in words}))


def _one_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
