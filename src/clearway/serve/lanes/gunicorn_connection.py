"""A connection of gunicorn's lane, and the first attempt to send on it."""

import socket
from collections.abc import Callable
from typing import Any

from gunicorn.workers import gthread

from clearway.http.resource import Answer
from clearway.serve.bodies import Body

from .handed_over import Rest
from .sending import Sending
from .waiting import Waiting


class Connection(gthread.TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection that knows where it waits and what is sent on it, and whose closing nobody waits for."""

    place: Waiting | None = None
    sending: Sending | Rest | None = None
    log: Callable[[], None] | None = None  # writes the line of the answer that is under way
    drained = 0  # octets, since it is being closed

    def __init__(
        self, cfg: Any, client: socket.socket, address: Any, server: Any, close_slowly: Callable[[Any], None]
    ) -> None:
        super().__init__(cfg, client, address, server)
        self._close_slowly = close_slowly

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self._close_slowly(self)
        else:
            super().close()

    def has_read_ahead(self) -> bool:
        """Whether octets of this connection lie in gunicorn's parser."""
        return self.parser is not None and bool(self.parser.unreader.buf.getvalue())


def send_at_once(connection: socket.socket, octets: bytes, answer: Answer, body: Body) -> Sending | None:
    """Send what the socket takes now; gives what is left, if anything."""
    if not body:
        try:
            sent = connection.send(octets)
        except BlockingIOError:
            sent = 0
        return None if sent == len(octets) else Sending(connection, octets[sent:], answer, b"")
    sending = Sending(connection, octets, answer, body)
    try:
        if not sending.proceed():
            return sending
    except BaseException:
        sending.close()
        raise
    sending.close()
    return None
