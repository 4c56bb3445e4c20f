"""Cloudflare's cache, by URL.

Source: "Purge Cached Content", POST /zones/{zone_id}/purge_cache of Cloudflare's API.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from .purger import Call, batches, shortened

API = "https://api.cloudflare.com/client/v4"
_AT_ONCE = 30  # what every plan takes


@dataclass(frozen=True)
class Cloudflare:
    """The cache of a zone, with an API token that has the permission Cache Purge.

    Cloudflare keeps what was asked for with an Origin apart; `origins` are those whose copies are to go as well. It
    keeps what a Worker fetches under the address that is fetched: `fetched` is what that begins with, `strip` what the
    Worker takes off a path before (`/static`).
    """

    zone: str
    token: str = field(repr=False)
    origins: tuple[str, ...] = ()
    fetched: str = ""
    strip: str = ""
    api: str = API

    @property
    def where(self) -> str:
        return f"Cloudflare (zone {self.zone})"

    def calls(self, urls: Sequence[str], now: int) -> Iterator[Call]:
        """Thirty files a request."""
        fields = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        target = f"{self.api}/zones/{quote(self.zone, safe='')}/purge_cache"
        for some in batches(urls, max(1, _AT_ONCE // (1 + bool(self.fetched) + len(self.origins)))):
            body = json.dumps({"files": [each for url in some for each in self._files(url)]}).encode()
            yield Call("POST", target, some, fields, body)

    def _files(self, url: str) -> list[object]:
        by_origin = ({"url": url, "headers": {"Origin": origin}} for origin in self.origins)
        return [url, *by_origin, *([self._fetched(url)] if self.fetched else [])]

    def _fetched(self, url: str) -> str:
        return self.fetched.rstrip("/") + shortened(urlsplit(url).path or "/", self.strip.rstrip("/"))

    def refusal(self, status: int, body: bytes) -> str | None:
        """Done is what says `success`, whatever the status."""
        try:
            read = json.loads(body)
            if status == 200 and read["success"] is True:
                return None
            said = "; ".join(str(each.get("message")) for each in read.get("errors", []))
        except (AttributeError, LookupError, TypeError, ValueError):
            said = ""
        hint = "; the token needs the permission Zone, Cache Purge for this zone" if status in (400, 401, 403) else ""
        return f"answered {status}{f' ({said})' if said else ''}{hint}"
