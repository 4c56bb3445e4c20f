"""What a live server answers, against what was worked out."""

from collections.abc import Iterator

from clearway.probing.answer import Answer
from clearway.probing.client import Client
from clearway.probing.dialling import doubting
from clearway.probing.request import Request

from .road import Outcome, Step, Visit

_SECONDS, _OCTETS = 10, 1 << 16
_MOMENTARY = frozenset(
    {"accept-ranges", "connection", "content-length", "date", "etag", "expires", "last-modified", "server"}
)
_TELLING = ("cache-control", "content-encoding", "location")


def ask(visit: Visit) -> Answer:
    """Ask once, at the visit's address where it has one. Redirects are not followed. Raises `OSError`."""
    client = Client(doubting, _OCTETS, _SECONDS)
    try:
        return client.ask(request_of(visit))
    finally:
        client.close()


def request_of(visit: Visit) -> Request:
    """A visit as a question to a live server."""
    return Request(visit.scheme, visit.host, visit.port, visit.target, visit.address, visit.fields)


def compared(live: Answer, outcome: Outcome) -> Step:
    """Whether the live answer is the one that was worked out."""
    told = f"{live.status} {live.headers.get('content-type', '')}".rstrip()
    doubt = f" (its certificate is not trusted: {live.doubt})" if live.doubt else ""
    if outcome.unknown or outcome.status is None:
        return Step("probe", f"the live server answers {told}{doubt}")
    different = list(differences(live, outcome))
    if not different:
        return Step("probe", f"the live server answers the same: {told}{doubt}")
    cause = "either this is not the configuration that is loaded, or another hop answers"
    return Step("probe", f"the live server differs: {'; '.join(different)}: {cause}{doubt}", ok=False)


def unreachable(error: OSError) -> Step:
    """There is no live answer."""
    return Step("probe", f"no answer from the live server: {error.strerror or error}", ok=False)


def differences(live: Answer, outcome: Outcome) -> Iterator[str]:
    """What is not as it was worked out, in words."""
    if live.status != outcome.status:
        yield f"status {live.status}, not {outcome.status}"
    due = {name: value for name, value in outcome.headers.items() if name not in _MOMENTARY}
    if outcome.type:
        due["content-type"] = outcome.type
    extra = (name for name in _TELLING if name in live.headers and name not in due)
    for name in (*due, *extra):
        if _plain(live.headers.get(name)) != _plain(due.get(name)):
            yield f"{name} is {live.headers.get(name, 'not there')}, not {due.get(name, 'absent')}"


def _plain(value: str | None) -> str:
    return "".join((value or "").lower().split())
