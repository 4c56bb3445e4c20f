"""A large answer of uvicorn's lane: the kernel copies the file into the socket as fast as the client takes it."""

import socket
from asyncio import Event, Transport
from os import dup
from typing import Any

from clearway.catalog.report import report
from clearway.http.resource import Answer
from clearway.serve.bodies import FileChangedError, OpenFile

from .sending import POSSIBLE, Sending

_NOBODY_WAITS = Event()


class Place:
    """Stands where uvicorn has a cycle, so that the requests behind it wait their turn."""

    def __init__(self, keep_alive: bool) -> None:
        self.response_complete = self.disconnected = self.more_body = False
        self.message_event = _NOBODY_WAITS
        self.keep_alive = keep_alive


class Download:
    """A body on its way.

    The socket is watched by a descriptor of its own, because the loop lends that of a transport to nobody. Nothing is
    read meanwhile: what uvicorn says of a broken request would go out in the middle of the body.
    """

    def __init__(
        self,
        connection: Any,
        place: Place,
        start: bytes,
        answer: Answer,
        body: OpenFile,
    ) -> None:
        self._place = place
        self._connection = connection
        self._socket = _duplicate(connection.transport)
        self._sending = Sending(self._socket, start, answer, body)
        self._is_watched = False
        connection.download = self
        self._proceed()

    @staticmethod
    def is_possible(transport: Transport) -> bool:
        """Whether the socket may be written to: nothing of ours waits before it, and TLS is not in between."""
        is_plain = transport.get_extra_info("sslcontext") is None and transport.get_extra_info("socket") is not None
        return POSSIBLE and is_plain and transport.get_write_buffer_size() == 0

    def abandon(self) -> None:
        """Stop, because the connection is gone. Doing so twice does no harm."""
        if self._connection.download is self:
            self._connection.download = None
            if self._is_watched:
                self._connection.loop.remove_writer(self._socket)
            self._sending.close()
            self._socket.close()

    def _proceed(self) -> None:
        try:
            done = self._sending.proceed()
        except (OSError, FileChangedError) as error:
            if isinstance(error, FileChangedError):
                report(str(error))
            self.abandon()
            self._connection.transport.abort()
            return
        if done:
            self._complete()
        elif not self._is_watched:
            self._is_watched = True
            self._connection.flow.pause_reading()
            self._connection.loop.add_writer(self._socket, self._proceed)

    def _complete(self) -> None:
        self.abandon()
        self._place.response_complete = True
        self._connection.finish(keep_alive=self._place.keep_alive)


def _duplicate(transport: Transport) -> socket.socket:
    duplicate = socket.socket(fileno=dup(transport.get_extra_info("socket").fileno()))
    duplicate.setblocking(False)
    return duplicate
