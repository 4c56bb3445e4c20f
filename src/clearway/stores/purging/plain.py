"""PURGE, the method that Varnish, nginx with a purge module, Squid and others are taught."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from .purger import Call

_DONE = frozenset({200, 202, 204, 404, 412})  # the last two: it was not kept (412 from nginx)


@dataclass(frozen=True)
class Plain:
    """Caches that are asked at their own `addresses` (`http://10.0.0.7:6081`) in the name of each URL's host.

    Without addresses, the host of the URL itself is asked.
    """

    addresses: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        return f"PURGE at {', '.join(self.addresses) or 'the site itself'}"

    def calls(self, urls: Sequence[str], now: int) -> Iterator[Call]:
        """Each cache forgets each URL."""
        for url in urls:
            parts = urlsplit(url)
            for address in self.addresses or (f"{parts.scheme}://{parts.netloc}",):
                query = f"?{parts.query}" if parts.query else ""
                target = f"{address.rstrip('/')}{parts.path or '/'}{query}"
                yield Call("PURGE", target, (url,), {"Host": parts.netloc})

    def refusal(self, status: int, body: bytes) -> str | None:
        """PURGE has no specification: what says that nothing is kept any more is enough."""
        if status in _DONE:
            return None
        if status in (401, 403, 405):
            return f"PURGE is answered with {status}: let this machine purge in the configuration of the cache"
        return f"PURGE is answered with {status} {_phrase(status)}".rstrip()


def _phrase(status: int) -> str:
    return next((each.phrase for each in HTTPStatus if each == status), "")
