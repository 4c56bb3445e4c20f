"""What a thread leaves of a file for the poller to send, because the client takes it slowly.

Gunicorn sends a file from a thread of its pool, by the socket's `sendfile`, and waits until the client has taken all of
it: with as many slow clients as there are threads, no page is answered any more. This socket does not wait so long. The
poller takes up what is left when the thread has ended its request, and nothing else is sent before it.
"""

import os
import select
import socket
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from clearway.serve.bodies import FileChangedError

from .sending import Part

_PATIENCE = 0.25  # seconds for which a thread waits for one client


class Rest:
    """What is left of a file. Its descriptor is its own, since the application closes the file."""

    def __init__(self, client: socket.socket, file: int, start: int, count: int) -> None:
        self._client, self._file = client, os.dup(file)
        self._part = Part(self._file, start, count)

    def proceed(self) -> bool:
        """Send what the socket takes now; whether that was all.

        Raises `OSError` when the client has gone, `FileChangedError` when the file became too short.
        """
        with suppress(BlockingIOError, InterruptedError):
            return self._part.send(self._client)
        return False

    def close(self) -> None:
        """Close the file; the socket is not ours."""
        os.close(self._file)


class Client(socket.socket):
    """The socket of a connection that threads answer. `rest` is what the last `sendfile` left."""

    __slots__ = ("_may_leave", "rest")

    @classmethod
    def of(cls, plain: socket.socket, may_leave: Callable[[], bool]) -> "Client":
        """The same connection; `plain` is of no use any more. `may_leave` says whether the poller takes one more."""
        timeout = plain.gettimeout()
        made = cls(plain.family, plain.type, plain.proto, plain.detach())
        made.settimeout(timeout)
        made.rest, made._may_leave = None, may_leave
        return made

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """As `socket.sendfile`, but what the client does not take soon becomes `rest`."""
        self._send_rest()
        if count is None or not self._may_leave():
            return super().sendfile(file, offset, count)
        rest = Rest(self, file.fileno(), offset, count)
        self.setblocking(False)
        try:
            self.rest = None if self._is_taken(rest) else rest
        finally:
            self.setblocking(True)
            if self.rest is None:
                rest.close()
        return count

    def _is_taken(self, rest: Rest) -> bool:
        """Whether all that there is was sent before the patience ended."""
        end, waiting = monotonic() + _PATIENCE, select.poll()
        waiting.register(self, select.POLLOUT)
        with suppress(FileChangedError):  # it ends there, as with gunicorn: who closes the file says so, if anybody
            while not rest.proceed():
                left = end - monotonic()
                if left <= 0 or not waiting.poll(left * 1000):
                    return False
        return True

    def take_rest(self) -> Rest | None:
        """What the last answer left, for the poller, which never waits for the socket; None too after an error."""
        rest, self.rest = self.rest, None
        if rest is not None and self.fileno() < 0:
            rest.close()
            return None
        if rest is not None:
            self.setblocking(False)
        return rest

    def send(self, *args: Any) -> int:
        """What comes after a file, such as the end of a chunk, waits for it."""
        self._send_rest()
        return super().send(*args)

    def sendall(self, *args: Any) -> None:
        """Likewise."""
        self._send_rest()
        super().sendall(*args)

    def _send_rest(self) -> None:
        """Here the socket blocks, and takes whatever it is given."""
        rest, self.rest = self.rest, None
        if rest is not None:
            try:
                while not rest.proceed():
                    pass
            finally:
                rest.close()

    rest: Rest | None
    _may_leave: Callable[[], bool]
