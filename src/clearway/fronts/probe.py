"""What a live server answers, against what was worked out."""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .road import Outcome, Step, Visit

_SECONDS = 10
_MOMENTARY = frozenset(
    {"accept-ranges", "connection", "content-length", "date", "etag", "expires", "last-modified", "server"}
)
_TELLING = ("cache-control", "content-encoding", "location")


@dataclass(frozen=True)
class Live:
    """An answer of the live server; header names are in lower case. `doubt` is why its certificate is not trusted."""

    status: int
    headers: Mapping[str, str]
    doubt: str = ""


def ask(visit: Visit) -> Live:
    """Ask once, at the visit's address where it has one. Redirects are not followed. Raises `OSError`."""
    if visit.scheme == "http":
        return _asked(visit, None)
    try:
        return _asked(visit, ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        untrusting = ssl.create_default_context()
        untrusting.check_hostname, untrusting.verify_mode = False, ssl.CERT_NONE  # nothing secret is sent
        return _asked(visit, untrusting, error.verify_message)


def compared(live: Live, outcome: Outcome) -> Step:
    """Whether the live answer is the one that was worked out."""
    told = f"{live.status} {live.headers.get('content-type', '')}".rstrip()
    doubt = f" (its certificate is not trusted: {live.doubt})" if live.doubt else ""
    if outcome.unknown or outcome.status is None:
        return Step("probe", f"the live server answers {told}{doubt}")
    different = list(_differences(live, outcome))
    if not different:
        return Step("probe", f"the live server answers the same: {told}{doubt}")
    cause = "either this is not the configuration that is loaded, or another hop answers"
    return Step("probe", f"the live server differs: {'; '.join(different)}: {cause}{doubt}", ok=False)


def unreachable(error: OSError) -> Step:
    """There is no live answer."""
    return Step("probe", f"no answer from the live server: {error.strerror or error}", ok=False)


def _differences(live: Live, outcome: Outcome) -> Iterator[str]:
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


def _asked(visit: Visit, context: ssl.SSLContext | None, doubt: str = "") -> Live:
    connection = _Connection(visit, context)
    try:
        connection.putrequest(visit.method, visit.target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": connection.name, "User-Agent": "clearway", **visit.fields}.items():
            connection.putheader(name, value)
        connection.endheaders()
        found = connection.getresponse()
        return Live(found.status, _joined(found.getheaders()), doubt)
    except http.client.HTTPException as error:
        raise OSError(f"no HTTP answer ({error!r})") from error
    finally:
        connection.close()


def _joined(rows: list[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in ((name.lower(), value) for name, value in rows):
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


class _Connection(http.client.HTTPConnection):
    """To the visit's address, under the name of its host."""

    def __init__(self, visit: Visit, context: ssl.SSLContext | None) -> None:
        self._bare = visit.host.strip("[]")
        super().__init__(visit.address or self._bare, visit.port, timeout=_SECONDS)
        usual = visit.port == (443 if context else 80)
        self.name = visit.host if usual else f"{visit.host}:{visit.port}"
        self._context = context

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self._bare) if self._context else plain
