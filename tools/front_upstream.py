"""Small upstreams that answer with their own name and the URI that reached them, over HTTP and the uwsgi protocol."""

import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path

ACCEL, TYPE = "/accel-to/", "text/x-upstream"


class Upstream:
    """One name on one listener; a thread accepts, and answers, one connection after the other."""

    def __init__(self, name: str, path: Path | None = None) -> None:
        self.name = name
        self.listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.listener.bind(str(path) if path else ("127.0.0.1", 0))
        self.listener.listen(256)
        if path:
            path.chmod(0o777)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """As nginx writes it behind `http://`."""
        bound = self.listener.getsockname()
        return f"unix:{bound}" if isinstance(bound, str) else f"{bound[0]}:{bound[1]}"

    def close(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(5)
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        data = connection.recv(65536)
        if not data:  # the server has ended
            return
        if data[:1] == b"\0":
            size = struct.unpack("<H", data[1:3])[0]
            while len(data) < size + 4 and (more := connection.recv(65536)):
                data += more
            received, protocol = _uwsgi(data[4 : size + 4]).get(b"REQUEST_URI", b""), "uwsgi"
        else:
            while b"\r\n\r\n" not in data and (more := connection.recv(65536)):
                data += more
            received, protocol = data.split(b"\r\n", 1)[0].split(b" ", 1)[1].rpartition(b" ")[0], "http"
        connection.sendall(self._head(received, protocol) + b"\r\nfrom an upstream\n")

    def _head(self, received: bytes, protocol: str) -> bytes:
        uri = received.decode("latin-1")
        status = "404 Not Found" if "gone" in uri else "200 OK"
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {TYPE}", "Content-Length: 17", "Connection: close"]
        if protocol == "http" and (path := accelerated(uri)):
            lines.append(f"X-Accel-Redirect: {path}")
        lines += [f"X-Upstream: {self.name}", f"X-Protocol: {protocol}", f"X-Received: {plain(uri)}", ""]
        return "\r\n".join(lines).encode("latin-1")


def plain(received: str) -> str:
    """Without ends of lines, which would end the field that tells it."""
    return received.replace("\r", "<CR>").replace("\n", "<LF>")


def accelerated(received: str) -> str:
    """What the upstream answers as X-Accel-Redirect; empty without."""
    _, mark, path = received.partition(ACCEL)
    return "/" + path.partition("?")[0] if mark else ""


def _uwsgi(body: bytes) -> dict[bytes, bytes]:
    """The variables of a packet."""
    words, place = [], 0
    while place < len(body):
        size = struct.unpack_from("<H", body, place)[0]
        words.append(body[place + 2 : place + 2 + size])
        place += 2 + size
    return dict(zip(words[::2], words[1::2], strict=True))
