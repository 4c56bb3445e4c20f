"""An answer on its way into a socket that is never waited for."""

import os
import socket
from typing import IO

from clearway.http.resource import Answer
from clearway.serve.bodies import Body, FileChangedError, OpenFile

_AT_ONCE = 8 << 20  # octets per call, so that one download does not keep the others waiting
POSSIBLE = hasattr(os, "sendfile")


class Part:
    """A part of a file, and how much of it was sent."""

    def __init__(self, file: IO[bytes] | int, start: int, count: int) -> None:
        self._file = file if isinstance(file, int) else file.fileno()
        self._place, self._end = start, start + count

    def send(self, client: socket.socket) -> bool:
        """Send what the socket takes in one call; whether that was the end.

        Raises `OSError` when the client has gone or the socket takes nothing, `FileChangedError` when the file became
        too short.
        """
        if self._place < self._end:
            sent = os.sendfile(client.fileno(), self._file, self._place, min(self._end - self._place, _AT_ONCE))
            if not sent:
                raise FileChangedError("a file became shorter while it was sent")
            self._place += sent
        return self._place >= self._end


class Sending:
    """A head and its body. Whoever waits for the socket calls `proceed` until it is done, and then `close`."""

    def __init__(self, connection: socket.socket, head: bytes, answer: Answer, body: Body) -> None:
        self._connection = connection
        self._file = body.file if isinstance(body, OpenFile) else None
        self._octets = [memoryview(part) for part in (head, body) if isinstance(part, bytes) and part]
        octets = answer.octets
        self._part = Part(self._file, octets.start, octets.count) if self._file and octets else None

    def proceed(self) -> bool:
        """Send what the socket takes now; whether that was all.

        Raises `OSError` when the client has gone, `FileChangedError` when the file became too short.
        """
        try:
            while self._octets:
                self._drop(self._connection.sendmsg(self._octets))
            return self._part is None or self._part.send(self._connection)
        except (BlockingIOError, InterruptedError):
            return False

    def close(self) -> None:
        """Close the file; the socket is not ours."""
        if self._file is not None:
            self._file.close()

    def _drop(self, sent: int) -> None:
        while self._octets and sent >= len(self._octets[0]):
            sent -= len(self._octets.pop(0))
        if sent:
            self._octets[0] = self._octets[0][sent:]
