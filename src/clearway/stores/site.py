"""A live site as a transport that can only be read: files below a URL, by their names."""

import http.client
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import quote, unquote, urlsplit

AT_ONCE = 8  # requests that run at the same time: enough to be quick, too few to be a burden
_TIMEOUT = 15  # seconds
_LARGEST = 512 * 1024 * 1024  # octets


@dataclass(frozen=True)
class Answer:
    """An answer; redirects are answers too. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Site:
    """Files below `url`, for several threads; connections are used again."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url if "//" in url else f"https://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not the http(s) address of a site")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._prefix = unquote(parts.path).rstrip("/") + "/"
        self.url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self._prefix}"
        self._idle: list[HTTPConnection] = []

    def get(self, name: str, **headers: str) -> Answer:
        """Ask for a file. Raises `OSError` when there is no answer."""
        fields = {"User-Agent": "clearway", **{key.replace("_", "-"): value for key, value in headers.items()}}
        try:
            return self._ask(name, fields)
        except (ConnectionError, http.client.BadStatusLine):
            self.close()  # the server may have closed what we kept; a new connection tells
        try:
            return self._ask(name, fields)
        except http.client.HTTPException as error:
            raise OSError(f"no HTTP answer ({error!r})") from error

    def read(self, name: str) -> bytes:
        """A file, not encoded. Raises `FileNotFoundError` for any status but 200, `OSError` without an answer."""
        answer = self.get(name, Accept_Encoding="identity")
        if answer.status != 200 or answer.headers.get("content-encoding"):
            raise FileNotFoundError(f"{self.url}{name}: status {answer.status}")
        return answer.body

    def close(self) -> None:
        """Close the connections that wait for the next question."""
        while self._idle:
            self._idle.pop().close()

    def _ask(self, name: str, fields: dict[str, str]) -> Answer:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connected()
        try:
            connection.request("GET", quote(self._prefix + name, safe="/~!*()'"), headers=fields)
            found = connection.getresponse()
            body = found.read(_LARGEST)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)  # closed by the server or not: it connects again when it must
        return Answer(found.status, {key.lower(): value for key, value in found.getheaders()}, body)

    def _connected(self) -> HTTPConnection:
        if self._secure:
            return HTTPSConnection(self._host, self._port, timeout=_TIMEOUT, context=ssl.create_default_context())
        return HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
