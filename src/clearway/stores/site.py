"""A live site as a transport that can only be read: files below a URL, by their names."""

from urllib.parse import quote, unquote, urlsplit

from clearway.probing.answer import Answer
from clearway.probing.client import Client
from clearway.probing.request import Request

AT_ONCE = 8  # requests that run at the same time: enough to be quick, too few to be a burden


class Site:
    """Files below `url`, for several threads; connections are used again."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url if "//" in url else f"https://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not the http(s) address of a site")
        self._scheme, self._host = parts.scheme, _ascii(parts.hostname)
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._prefix = unquote(parts.path).rstrip("/") + "/"
        self.url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self._prefix}"
        self._client = Client()

    def get(self, name: str, **headers: str) -> Answer:
        """Ask for a file. Raises `OSError` when there is no answer."""
        fields = {key.replace("_", "-"): value for key, value in headers.items()}
        target = quote(self._prefix + name, safe="/~!*()'", errors="surrogateescape")
        return self._client.ask(Request(self._scheme, self._host, self._port, target, fields=fields))

    def read(self, name: str) -> bytes:
        """A file, not encoded. Raises `FileNotFoundError` for any status but 200, `OSError` without an answer."""
        answer = self.get(name, Accept_Encoding="identity")
        if answer.status != 200 or answer.headers.get("content-encoding"):
            raise FileNotFoundError(f"{self.url}{name}: status {answer.status}")
        if answer.is_cut:
            raise OSError(f"{self.url}{name}: the answer is shorter than it says")
        return answer.body

    def close(self) -> None:
        """Close the connections that wait for the next question."""
        self._client.close()


def _ascii(host: str) -> str:
    """As it is sent. Raises `ValueError` for no name of a host."""
    return host if host.isascii() else host.encode("idna").decode("ascii")
