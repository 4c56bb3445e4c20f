"""Asks servers, by any number of threads, over connections that are kept."""

from collections import defaultdict
from http.client import BadStatusLine, HTTPException, HTTPResponse, IncompleteRead
from time import monotonic

from .answer import Answer
from .dialling import Connection, Dial, trusting
from .request import Request

_PIECE = 1 << 16
_LARGEST = 512 << 20  # octets of a body


class Client:
    """Asks once for each question and follows no redirect.

    `dial` decides about certificates; `octets` bounds a body, `seconds` every wait and the answer as a whole.
    """

    def __init__(self, dial: Dial = trusting, octets: int = _LARGEST, seconds: float = 15) -> None:
        self._dial, self._octets, self._seconds = dial, octets, seconds
        self._idle: defaultdict[tuple[object, ...], list[Connection]] = defaultdict(list)

    def ask(self, request: Request) -> Answer:
        """Raises `OSError` where there is no answer, or none within the time."""
        try:
            return self._asked(request)
        except HTTPException as error:
            raise OSError(f"no HTTP answer ({error!r})") from error

    def close(self) -> None:
        """Close the connections that wait for the next question."""
        for kept in list(self._idle.values()):
            while kept:
                kept.pop().close()

    def _asked(self, request: Request) -> Answer:
        kept = self._kept(request)
        try:
            connection = kept.pop()
        except IndexError:
            return self._over(self._dial(request, self._seconds), request)
        try:
            return self._over(connection, request)
        except (ConnectionError, BadStatusLine):  # the server closed what we kept; a new connection tells
            return self._over(self._dial(request, self._seconds), request)

    def _kept(self, request: Request) -> list[Connection]:
        return self._idle[request.scheme, request.host, request.port, request.address]

    def _over(self, connection: Connection, request: Request) -> Answer:
        try:
            found = _sent(connection, request)
            answer = self._read(connection, found)
        except BaseException:
            connection.close()
            raise
        if found.will_close or answer.goes_on or answer.is_cut:
            connection.close()
        else:
            self._kept(request).append(connection)
        return answer

    def _read(self, connection: Connection, found: HTTPResponse) -> Answer:
        until, body, is_cut = monotonic() + self._seconds, bytearray(), False
        promised = found.length
        while len(body) <= self._octets:
            if monotonic() > until:
                raise TimeoutError(f"the answer is not whole after {self._seconds:g} s")
            try:
                piece = found.read1(_PIECE)
            except IncompleteRead as broken:
                piece, is_cut = broken.partial, True
            body += piece
            if not piece or is_cut:
                break
        found.close()  # without it, the connection takes no further question
        goes_on = len(body) > self._octets
        is_cut = is_cut or (promised is not None and len(body) < promised and not goes_on)
        rows, content = tuple(found.getheaders()), bytes(body[: self._octets])
        whom = connection.peer, connection.is_here, connection.doubt
        return Answer(found.status, rows, content, goes_on, is_cut, *whom)


def _sent(connection: Connection, request: Request) -> HTTPResponse:
    connection.putrequest("GET", request.target, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": request.authority, "User-Agent": "clearway", **request.fields}.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection.getresponse()
