"""What was seen of a live site. Only GET was sent."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from clearway.fronts.road import Outcome
from clearway.probing.answer import Answer

_SECRET = re.compile(r"sign|token|x-amz|credential|key|auth|pass|secret|session|code=", re.IGNORECASE)

Ask = Callable[[str, Mapping[str, str]], Answer]
"""GET of an absolute URL with these header fields, one request, no redirect followed. Raises `OSError`."""


@dataclass(frozen=True)
class Wanted:
    """A URL that a browser asks for, without its fragment, and why.

    kind  `page`, `style`, `script`, `module`, `font`, `image`, `icon`, `manifest`, `map`, `media`, `other`
    by    the URL of what names it; empty where somebody gave it
    line  where it is named there, from 1
    cors  "", `anonymous` or `use-credentials`: how it is asked for where it is of another origin (WHATWG Fetch)
    page  the page in which all of this happens
    integrity  the digests that the page demands (W3C Subresource Integrity); empty for none
    """

    url: str
    kind: str
    by: str = ""
    line: int = 0
    cors: str = ""
    page: str = ""
    integrity: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether it is of another origin than the page."""
        return bool(self.page) and origin(self.page) != origin(self.url)


@dataclass(frozen=True)
class Hop:
    """One request and its answer."""

    url: str
    answer: Answer


@dataclass(frozen=True)
class Seen:
    """A wanted URL: redirects in their order, the last answer at the end.

    problem    why there is no answer at the end; empty where there is one
    loops      it redirects without an end
    identity   the answer to the same question without encodings, asked where it came encoded
    repeated   answers to the very same question, asked where it failed
    fresh      the answer with a query that no cache knows, asked where it failed or a cache answered
    predicted  what the configuration of the front makes of the URL; None where it was not walked
    """

    wanted: Wanted
    hops: tuple[Hop, ...] = ()
    problem: str = ""
    loops: bool = False
    identity: Answer | None = None
    repeated: tuple[Answer, ...] = ()
    fresh: Answer | None = None
    predicted: Outcome | None = None

    @property
    def answer(self) -> Answer | None:
        """The last; None where there is none."""
        return self.hops[-1].answer if self.hops and not self.problem else None

    @property
    def ways(self) -> tuple[str, ...]:
        """Its first redirects, as proof."""
        redirects = [(hop, hop.answer.headers["location"]) for hop in self.hops if "location" in hop.answer.headers]
        return tuple(
            f"GET {shown(hop.url)} → {hop.answer.status} to {shown(urljoin(hop.url, target))}"
            for hop, target in redirects[:2]
        )

    @property
    def url(self) -> str:
        """Where it ended."""
        return self.hops[-1].url if self.hops else self.wanted.url

    @property
    def arrives(self) -> bool:
        """Whether there is an answer with content."""
        return self.answer is not None and self.answer.status in {200, 203, 206}


@dataclass(frozen=True)
class Absent:
    """A name that is not there, in the directory and of the extension of an asset, asked for twice."""

    url: str
    beside: Seen
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Live:
    """All that was seen. `assets` are of all pages, each once; a URL that was given may be one of them.

    `ask` is for a question that a check has besides; it honours --resolve.
    """

    pages: Sequence[Seen] = ()
    assets: Sequence[Seen] = ()
    absent: Sequence[Absent] = ()
    ask: Ask = field(default=lambda url, fields: _refuse(url), compare=False)

    @property
    def all(self) -> Sequence[Seen]:
        return (*self.pages, *self.assets)


def origin(url: str) -> str:
    """`scheme://host[:port]`, without a port that is the usual one (RFC 6454 §6.2)."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port not in (None, usual) else ''}"


def shown(url: str) -> str:
    """A URL without what nobody else should read."""
    parts = urlsplit(url)
    query = "…" if _SECRET.search(parts.query) else parts.query
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return f"{place}?{query}" if query else place


def host_of(url: str) -> str:
    """In lower case, without its port."""
    return urlsplit(url).hostname or ""


def _refuse(url: str) -> Answer:
    raise OSError(f"{url}: nothing is asked here")
