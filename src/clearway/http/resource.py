"""What a URL path stands for: a resource with its representations, a redirect, or an owned nothing.

Everything that can be known before a request arrives is worked out here once, so that the decision is mostly a
choice between answers that already exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from .fields import STATUSES, Fields, for_status, sendable
from .negotiation import CODINGS, IDENTITY, acceptable
from .ranges import content_range


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where octets are kept, and how to tell that they are still the same. `path` is opaque to the rules.

    `below` is set for files of strangers: the directory from which the path is walked without following any link.
    """

    path: str
    size: int
    digest: bytes | None = None  # the first 16 octets of the SHA-256, where it is known
    mtime_ns: int | None = None  # where the file may be edited in place
    below: str | None = None


@dataclass(frozen=True, slots=True)
class Octets:
    """`count` octets of a file, from `start`."""

    file: StoredFile
    start: int
    count: int

    @property
    def whole(self) -> bool:
        return self.count == self.file.size


@dataclass(frozen=True)
class Answer:
    """A complete answer: the status, the header fields, and what the content is made of.

    Without `sends_content` the octets are what GET would send: they must be there, and are kept back.
    """

    status: int
    headers: Fields
    content: bytes = b""
    octets: Octets | None = None
    sends_content: bool = True

    @cached_property
    def status_line(self) -> str:
        """Status code and reason phrase, as WSGI wants them."""
        return f"{self.status} {STATUSES[self.status]}"

    @cached_property
    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The header fields as ASGI wants them: lower-case names, octets."""
        return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]

    @cached_property
    def rendered(self) -> dict[object, bytes]:
        """The header fields as they go on the wire, by whoever rendered them."""
        return {}

    @cached_property
    def without_content(self) -> "Answer":
        """The answer to HEAD: the same header fields, no content (RFC 9110 §9.3.2)."""
        return replace(self, content=b"", sends_content=False)


@dataclass(frozen=True)
class Representation:
    """One coding of a resource, with every header field that its 200 carries."""

    coding: str
    file: StoredFile
    tag: str
    fields: Fields

    @cached_property
    def whole(self) -> Answer:
        return Answer(200, for_status(200, self.fields), octets=Octets(self.file, 0, self.file.size))

    @cached_property
    def unmodified(self) -> Answer:
        return Answer(304, for_status(304, self.fields))

    def part(self, start: int, count: int) -> Answer:
        """A 206 with `count` octets from `start`."""
        own = {"Content-Length": str(count), "Content-Range": content_range(start, count, self.file.size)}
        kept = (item for item in for_status(206, self.fields) if item[0] not in own)
        return Answer(206, (*own.items(), *kept), octets=Octets(self.file, start, count))


@dataclass(frozen=True)
class Resource:
    """The representations of one URL path, the smallest first, and when they last changed (seconds since 1970)."""

    representations: tuple[Representation, ...]
    modified: int | None
    shared: Fields  # what answers without a representation take over: CORS and nosniff

    @cached_property
    def identity(self) -> Representation:
        return next(each for each in self.representations if each.coding == IDENTITY)

    def negotiate(self, accept_encoding: str) -> Representation:
        """The smallest acceptable representation; identity when nothing is (RFC 9110 §12.5.3)."""
        if len(self.representations) > 1:
            accepted = acceptable(accept_encoding)
            for each in self.representations:
                if each.coding in accepted:
                    return each
        return self.identity


@dataclass(frozen=True)
class Redirect:
    """A URL path whose content lives at a neighbouring one: `location` is a relative reference."""

    location: str
    shared: Fields = ()


@dataclass(frozen=True)
class Missing:
    """Nothing is here, and nobody else is to be asked."""

    shared: Fields = ()


@dataclass(frozen=True)
class Passed:
    """Nothing is here; the application is asked, and a 404 of its own must not be stored."""


Entry = Resource | Redirect | Missing


def resource(
    files: Iterable[tuple[str, StoredFile, str]], fields: Iterable[tuple[str, str]], modified: int | None
) -> Resource:
    """A resource from (coding, file, entity tag) rows and the header fields that all of its codings share."""
    rows = sorted(files, key=lambda row: (row[1].size, CODINGS.index(row[0])))
    common = sendable(fields)
    if len(rows) > 1:
        common = _varying(common)
    return Resource(
        tuple(Representation(coding, file, tag, _own(coding, file, tag) + common) for coding, file, tag in rows),
        modified,
        tuple(item for item in common if item[0] in ("X-Content-Type-Options", "Access-Control-Allow-Origin")),
    )


def _own(coding: str, file: StoredFile, tag: str) -> Fields:
    encoding = () if coding == IDENTITY else (("Content-Encoding", coding),)
    return (*encoding, ("Content-Length", str(file.size)), ("ETag", tag))


def _varying(fields: Fields) -> Fields:
    """Add Accept-Encoding to Vary, keeping what a project lists there itself."""
    listed = ", ".join(value for name, value in fields if name.lower() == "vary")
    rest = tuple(item for item in fields if item[0].lower() != "vary")
    if "accept-encoding" in listed.lower() or listed == "*":
        return (*rest, ("Vary", listed))
    return (*rest, ("Vary", f"{listed}, Accept-Encoding" if listed else "Accept-Encoding"))
