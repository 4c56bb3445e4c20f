"""Fastly's cache, by URL.

Source: "Purging" of Fastly's API, POST /purge/{cached_url}.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .purger import Call

API = "https://api.fastly.com"


@dataclass(frozen=True)
class Fastly:
    """The cache of the services that a token may purge; which one it is follows from the host of a URL."""

    token: str = field(repr=False)
    api: str = API
    where: str = "Fastly"

    def calls(self, urls: Sequence[str], now: int) -> Iterator[Call]:
        """One URL a request, without its scheme."""
        fields = {"Fastly-Key": self.token, "Accept": "application/json"}
        for url in urls:
            parts = urlsplit(url)
            query = f"?{parts.query}" if parts.query else ""
            yield Call("POST", f"{self.api}/purge/{parts.netloc}{parts.path or '/'}{query}", (url,), fields)

    def refusal(self, status: int, body: bytes) -> str | None:
        """Done is what says `ok`."""
        try:
            read = json.loads(body)
            if status == 200 and read["status"] == "ok":
                return None
            said = str(read.get("msg") or read.get("detail") or read.get("status") or "")
        except (AttributeError, LookupError, TypeError, ValueError):
            said = ""
        hint = "; the token needs the scope purge_select for the service" if status in (401, 403) else ""
        return f"answered {status}{f' ({said})' if said else ''}{hint}"
