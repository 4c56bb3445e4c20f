"""Questions to the live site, each round over new connections: another worker may answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from clearway.fronts.probe import request_of
from clearway.fronts.visits import Resolved, UrlError, visit_of
from clearway.probing.answer import Answer
from clearway.probing.client import Client

_OCTETS, _SECONDS = 64 << 20, 15
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
_FIELDS = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}


class Asker:
    """Asks by GET; `resolved` are addresses by host, as `--resolve` gives them."""

    def __init__(self, resolved: Resolved, client: Client) -> None:
        self._resolved, self._client = resolved, client

    def get(self, url: str, **fields: str) -> Answer:
        """One answer; redirects are answers. Raises `OSError`."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        try:
            visit = visit_of(url, self._resolved)
        except UrlError as error:
            raise OSError(f"{url}: {error}") from error
        return self._client.ask(request_of(replace(visit, fields={**_FIELDS, **named})))

    def page(self, url: str) -> tuple[str, Answer]:
        """Where redirects lead within the site, and what is there. Raises `OSError`."""
        for _ in range(_MOST_HOPS):
            answer = self.get(url)
            to = urljoin(url, answer.headers.get("location", ""))
            if answer.status not in _REDIRECTS or urlsplit(to).netloc != urlsplit(url).netloc:
                return url, answer
            url = to
        return url, answer


@contextmanager
def asking(resolved: Resolved) -> Iterator[Asker]:
    """Over connections that nobody used before."""
    client = Client(octets=_OCTETS, seconds=_SECONDS)
    try:
        yield Asker(resolved, client)
    finally:
        client.close()
