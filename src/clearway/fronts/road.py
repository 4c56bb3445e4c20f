"""The road of one request: what is asked of a front, the decisions on the way, and where it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Visit:
    """A request as a front receives it.

    `target` is the request target in origin form as it was sent: percent-encoded, with its query (RFC 9112 §3.2.1).
    `address` is the local address that was connected to; None where it is not known: then every one matches.
    `fields` are header fields by lower-case name, Host excepted.
    """

    method: str
    scheme: str
    host: str
    port: int
    target: str
    address: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    client: str = "127.0.0.1"


@dataclass(frozen=True)
class Location:
    """A line of a file, from 1; where it is that of a macro, `used` is the line that writes it."""

    file: str
    line: int
    used: "Location | None" = None


@dataclass(frozen=True)
class Step:
    """One decision: by which layer, in words, where it is written; whether this is as it should be."""

    layer: str
    decision: str
    location: Location | None = None
    ok: bool = True


@dataclass(frozen=True)
class Outcome:
    """Where the road ends.

    `by` is who answers: `nginx`, `caddy`, `apache`, `application` (what a front hands to) or `catalog`. `status` is
    None where only what is handed to can say. `file` is the absolute path on this machine, for a directory that of
    its index file. `headers` by lower-case name; several of one name are joined with ", ". `unknown` is one sentence,
    where the answer depends on what cannot be known from here.
    """

    by: str
    status: int | None = None
    file: str | None = None
    upstream: str | None = None
    type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    unknown: str | None = None


@dataclass(frozen=True)
class Road:
    """The decisions in order, and the outcome."""

    steps: tuple[Step, ...]
    outcome: Outcome
