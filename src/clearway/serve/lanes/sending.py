"""An answer on its way into a socket that is never waited for."""

import os
import socket

from clearway.http.resource import Answer
from clearway.serve.bodies import Body, FileChangedError, OpenFile

_AT_ONCE = 8 << 20  # octets per call, so that one download does not keep the others waiting
POSSIBLE = hasattr(os, "sendfile")


class Sending:
    """A head and its body. Whoever waits for the socket calls `proceed` until it is done, and then `close`."""

    def __init__(self, connection: socket.socket, head: bytes, answer: Answer, body: Body) -> None:
        self._connection = connection
        self._file = body.file if isinstance(body, OpenFile) else None
        self._octets = [memoryview(part) for part in (head, body) if isinstance(part, bytes) and part]
        octets = answer.octets if self._file else None
        self._place, self._end = (octets.start, octets.start + octets.count) if octets else (0, 0)

    def proceed(self) -> bool:
        """Send what the socket takes now; whether that was all.

        Raises `OSError` when the client has gone, `FileChangedError` when the file became too short.
        """
        try:
            while self._octets:
                self._drop(self._connection.sendmsg(self._octets))
            return self._file is None or self._send_file(self._file.fileno(), self._connection.fileno())
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

    def _send_file(self, source: int, target: int) -> bool:
        if self._place < self._end:
            sent = os.sendfile(target, source, self._place, min(self._end - self._place, _AT_ONCE))
            if not sent:
                raise FileChangedError("a file became shorter while it was sent")
            self._place += sent
        return self._place >= self._end
