"""The cache of bunny.net, by URL.

Source: "Purge URL", POST /purge of bunny.net's API.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from .purger import Call

API = "https://api.bunny.net"


@dataclass(frozen=True)
class Bunny:
    """The cache of the pull zones of an account; which one it is follows from the host of a URL."""

    key: str = field(repr=False)
    api: str = API
    where: str = "bunny.net"

    def calls(self, urls: Sequence[str], now: int) -> Iterator[Call]:
        """One URL a request."""
        for url in urls:
            target = f"{self.api}/purge?url={quote(url, safe='')}&async=false"
            yield Call("POST", target, (url,), {"AccessKey": self.key, "Accept": "application/json"})

    def refusal(self, status: int, body: bytes) -> str | None:
        """Done is any 2xx."""
        if 200 <= status < 300:
            return None
        hint = "; BUNNYNET_API_KEY is that of the account, not of a storage zone" if status in (401, 403) else ""
        return f"answered {status}{hint}"
