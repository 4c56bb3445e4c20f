"""A row of the table, the place it is asked of, and the asking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from tests.conformance.wire import Answer, Line, MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

IMF_FIXDATE = "%a, %d %b %Y %H:%M:%S GMT"
RFC850 = "%A, %d-%b-%y %H:%M:%S GMT"

Force = Literal["MUST", "SHOULD", "ADVICE"]


class NotApplicableError(Exception):
    """The target lacks the material that this row is about."""


@dataclass(frozen=True)
class Row:
    """One rule: `check` yields a complaint for every way in which the server breaks it.

    `force` is the RFC's own word; ADVICE marks what the RFC describes as good without requiring it.
    """

    id: str
    cite: str
    force: Force
    rule: str
    check: Callable[[Probe], Iterable[str]]

    def complaints(self, place: Place) -> list[str]:
        try:
            return list(self.check(Probe(place)))
        except MalformedError as error:
            return [f"{type(error).__name__}: {error}"]


@dataclass(frozen=True)
class Place:
    """Where a server answers, and what it was given to serve."""

    port: int
    prefix: str
    files: Mapping[str, bytes]
    decoders: Mapping[str, Callable[[bytes], bytes]]
    hashed: str | None = None


class Probe:
    """Asks one place, a new connection each time unless a row brings its own."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._bases: dict[tuple[str, str], Answer] = {}

    def line(self) -> Line:
        return Line(self.place.port)

    def path(self, name: str) -> str:
        return self.place.prefix + name

    def ask(self, name: str, *lines: str, method: str = "GET", target: str | None = None) -> Answer:
        """One answer on a connection of its own, with all that follows it until the server closes."""
        request = self.compose(name, *lines, "Connection: close", method=method, target=target)
        with self.line() as line:
            line.send(request)
            answer = line.receive(method)
            return replace(answer, rest=line.drain())

    def compose(self, name: str, *lines: str, method: str = "GET", target: str | None = None) -> bytes:
        """The request as bytes; `{etag}`, `{modified}` and the like are filled in from the plain 200."""
        accept = coding_line(lines)
        asked = lines if accept in lines else (*lines, accept)
        filled = [self.fill(text, name, accept) for text in asked]
        start = f"{method} {target or self.path(name)} HTTP/1.1"
        return "\r\n".join([start, f"Host: 127.0.0.1:{self.place.port}", *filled, "", ""]).encode("latin-1")

    def base(self, name: str, accept: str = "Accept-Encoding: identity") -> Answer:
        """The unconditional 200 of a name, as asked for with this Accept-Encoding line."""
        if (name, accept) not in self._bases:
            self._bases[name, accept] = self.ask(name, accept)
        return self._bases[name, accept]

    def fill(self, text: str, name: str, accept: str) -> str:
        return text.format_map(Facts(self.base(name, accept))) if "{" in text else text

    def file(self, name: str) -> bytes:
        return self.place.files[name]


def coding_line(lines: Iterable[str]) -> str:
    """The Accept-Encoding line among the request's lines; asking for identity when there is none."""
    return next((line for line in lines if line.startswith("Accept-Encoding:")), "Accept-Encoding: identity")


class Facts(dict[str, str]):
    """What a request can quote from the 200: computed when named, so a row needs only what it quotes."""

    def __init__(self, base: Answer) -> None:
        super().__init__()
        self._base = base

    def __missing__(self, key: str) -> str:
        return str(getattr(self, key))

    @cached_property
    def etag(self) -> str:
        return self._required("ETag")

    @property
    def opaque(self) -> str:
        return self.etag.removeprefix("W/").strip('"')

    @property
    def shortened(self) -> str:
        return self.opaque[:-1]

    @property
    def weak(self) -> str:
        return f'W/"{self.opaque}"'

    @cached_property
    def modified(self) -> str:
        return self._required("Last-Modified")

    @property
    def moment(self) -> datetime:
        return datetime.strptime(self.modified, IMF_FIXDATE).replace(tzinfo=UTC)

    @property
    def later(self) -> str:
        return (self.moment + timedelta(seconds=1)).strftime(IMF_FIXDATE)

    @property
    def earlier(self) -> str:
        return (self.moment - timedelta(minutes=5)).strftime(IMF_FIXDATE)

    @property
    def rfc850(self) -> str:
        return self.moment.strftime(RFC850)

    @property
    def asctime(self) -> str:
        return f"{self.moment:%a %b} {self.moment.day:2d} {self.moment:%H:%M:%S %Y}"

    @property
    def east(self) -> str:
        """An instant before the modification that reads as one after it when the zone is dropped."""
        return (self.moment + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S +0200")

    def _required(self, name: str) -> str:
        value = self._base.get(name)
        if value is None:
            raise MalformedError(f"the plain {self._base.status} answer has no {name} to test with")
        return value
