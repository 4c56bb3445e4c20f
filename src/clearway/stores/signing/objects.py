"""Where the objects of a bucket are asked for."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Bucket:
    """By the URL below which its objects are, with the bucket in the host or in the path.

    `https://uploads.s3.eu-central-1.amazonaws.com`, `http://store.example:9000/uploads`; no query.
    """

    url: str

    @property
    def origin(self) -> str:
        """Scheme, host and port as in the URL."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """As clients send it in Host: without the port that the scheme has anyway."""
        parts = urlsplit(self.url)
        name, colon, port = parts.netloc.rpartition(":")
        return name if colon and port == str(_DEFAULT_PORTS.get(parts.scheme)) else parts.netloc

    def path(self, key: str) -> str:
        """The path of an object, encoded: each octet of UTF-8 but letters, digits, `-._~` and `/`."""
        return f"{urlsplit(self.url).path.rstrip('/')}/{encoded(key, '/')}"


def encoded(text: str, kept: str = "") -> str:
    """Percent-encoded as signatures want it (RFC 3986 §2.1): a space is `%20`, and only what is unreserved stays."""
    return quote(text, safe=f"{kept}~")
