"""Codings that a client accepts, and `encode`, which compresses what others answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from .request import Answer, Request

_LEAST = 512  # octets
_TYPES = (
    *("text/", "application/json", "application/javascript", "application/xhtml+xml", "application/atom+xml"),
    *("application/rss+xml", "image/svg+xml"),
)


def accepted(request: Request, preferred: tuple[str, ...]) -> list[str]:
    """By the weight that the client gives them, then as they are preferred, then as they were sent."""
    found: list[tuple[float, int, str]] = []
    for part in filter(None, request.fields.get("accept-encoding", "").split(",")):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        weight = _weight(parameters[0]) if parameters else 1.0
        is_handshake = bool(request.fields.get("sec-websocket-key")) and name != "identity"
        if weight >= 0.00001 and not is_handshake:
            place = len(preferred) - preferred.index(name) if name in preferred else -1
            found.append((weight, place, name))
    return [name for _, _, name in sorted(found, key=lambda each: (-each[0], -each[1]))]


def _weight(parameter: str) -> float:
    try:
        weight = float(parameter.removeprefix("q=")) if parameter.startswith("q=") else 1.0
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1 else 1.0


@dataclass(frozen=True)
class Encode:
    """What `encode` says: codings in order, and from how many octets on."""

    codings: tuple[str, ...]
    least: int
    has_matcher: bool

    def __call__(self, request: Request) -> bool:
        """Look at the answer when it is written; the request goes on."""
        coding = next((each for each in accepted(request, self.codings) if each in self.codings), None)
        if coding:
            is_head = request.method == "HEAD"
            request.wrappers.append(lambda answer: self._encode(answer, coding, is_head=is_head))
        return False

    def _encode(self, answer: Answer, coding: str, *, is_head: bool) -> None:
        headers = answer.headers
        if answer.length == 0 or (answer.length is not None and answer.length <= self.least):
            return
        if not headers.first("Content-Type"):
            if is_head:
                return
            raise Unknowable("The media type is guessed from the content, before it is encoded.")
        if headers.first("Content-Encoding"):
            return
        if answer.length is None or self.has_matcher:
            raise Unknowable("Whether the answer is encoded depends on its size and content.")
        if headers.first("Content-Type").startswith(_TYPES):
            headers.set("Content-Encoding", coding)
            headers.add("Vary", "Accept-Encoding")
            headers.delete("Accept-Ranges")


def make(directive: Directive, _: object) -> Iterable[Encode]:
    """Of a directive."""
    lines = directive.block or ()
    least = next((line.words[0] for line in lines if line.name == "minimum_length" and line.words), "")
    named = tuple(line.name for line in lines if line.name in {"gzip", "zstd", "br"})
    codings = directive.words + named
    has_matcher = any(line.name == "match" for line in lines)
    return (Encode(codings, int(least) if least.isdecimal() and int(least) else _LEAST, has_matcher),)
