"""What is asked of a cache that is to forget URLs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from clearway.stores.errors import StoreError


class PurgeError(StoreError):
    """A cache that cannot be asked at all; the message says what to set."""


@dataclass(frozen=True)
class Call:
    """A request to an interface. `urls` are what it makes the cache forget; `fields` may hold a secret."""

    method: str
    url: str
    urls: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = b""


class Purger(Protocol):
    """A cache, by the requests that it understands and the answers that it gives."""

    @property
    def where(self) -> str:
        """How people write it: `Cloudflare (zone 0123)`."""

    def calls(self, urls: Sequence[str], now: int) -> Iterator[Call]:
        """The requests that make it forget absolute URLs; `now` is in seconds since 1970."""

    def refusal(self, status: int, body: bytes) -> str | None:
        """Why an answer is not that it was done; None where it is."""


def shortened(path: str, strip: str) -> str:
    """A path without `strip` (`/static`) in front, where that is there; with its slash."""
    return path.removeprefix(strip) if path.startswith(f"{strip}/") else path


def batches(urls: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """The URLs, as many at once as an interface takes."""
    for start in range(0, len(urls), size):
        yield tuple(urls[start : start + size])
