"""From the octets of a request to an answer, ready for the wire of gunicorn."""

from typing import Any, NamedTuple

from gunicorn import SERVER, util

from clearway.http.fields import STATUSES, Fields
from clearway.http.resource import Answer, Missing, Redirect, Resource
from clearway.serve.bodies import Body

from .gunicorn_request import Schemes, plain_heads
from .head import LONGEST, Head
from .lane import Lane

_KEPT = 256  # requests that are remembered
_START = {status: f"HTTP/1.1 {status} {text}\r\nServer: {SERVER}\r\n".encode() for status, text in STATUSES.items()}


class Given(NamedTuple):
    """An answer without its body. The time and the connection's own field come between `start` and `rest`."""

    head: Head
    entry: object
    answer: Answer
    start: bytes
    rest: bytes


Found = tuple[Given, Body]


class Answers:
    """What a lane answers to octets that one client has sent.

    The same octets have the same answer for as long as their path stands for the same entry: these are not read again.
    """

    def __init__(self, lane: Lane, cfg: Any, log: Any) -> None:
        self._lane, self._log = lane, log
        self._heads, self._schemes = plain_heads(cfg), Schemes(cfg)
        self._known: dict[bytes, Given] = {}

    def find(self, data: bytes, client: Any) -> Found | None:
        """The answer to a request that is plain, if the lane knows it; None leaves it to gunicorn."""
        known = self._known.get(data)
        if known is not None and self._lane.entry(known.head) is known.entry:
            body = self._lane.service.body_at_once(known.answer)
            return None if body is None else (known, body)
        head = self._heads.read(data)
        return self._find(head, client, data) if head else None

    def _find(self, head: Head, client: Any, data: bytes) -> Found | None:
        scheme = self._schemes.of(client, head.fields)
        if scheme is None:
            return None
        try:
            found = self._lane.answer(head, scheme)
        except Exception:  # a setting of the project, mostly; the ordinary road meets it too, and answers as it does
            self._log.exception("The lane cannot answer %s", head.target)
            return None
        if found is None:
            return None
        answer, rendered, body = found
        given = Given(head, self._lane.entry(head), answer, _START[answer.status], rendered)
        if not self._schemes.depend_on(head.fields):
            self._remember(data, given)
        return given, body

    def _remember(self, data: bytes, given: Given) -> None:
        if len(data) <= LONGEST and isinstance(given.entry, Resource | Redirect | Missing):
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[data] = given


def render(answer: Answer, fields: Fields) -> bytes:
    """Header fields as gunicorn writes them, up to the empty line; those of the connection are its own."""
    kept = (f"{name}: {value}\r\n" for name, value in fields if not util.is_hoppish(name))
    return "".join((*kept, "\r\n")).encode("latin-1")
