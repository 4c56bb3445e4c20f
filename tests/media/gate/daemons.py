"""A daemon that speaks clamd's INSTREAM, or does not."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

PART = b"a-virus"


def read(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length and (more := connection.recv(length - len(data))):
        data += more
    return data


def stream(connection: socket.socket) -> bytes:
    """What a client streams after the command."""
    assert read(connection, 10) == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(read(connection, 4), "big"):
        content += read(connection, length)
    return content


def right(connection: socket.socket) -> None:
    found = PART in stream(connection)
    connection.sendall(b"stream: A.Virus FOUND\0" if found else b"stream: OK\0")


def saying(answer: bytes) -> Callable[[socket.socket], None]:
    def daemon(connection: socket.socket) -> None:
        stream(connection)
        connection.sendall(answer)

    return daemon


def drop_by_drop(connection: socket.socket) -> None:
    stream(connection)
    for octet in b"stream: OK\0":
        connection.sendall(bytes([octet]))


def stops_reading(connection: socket.socket) -> None:
    """As clamd at its StreamMaxLength: it says so and closes with octets unread."""
    read(connection, 10_000)
    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def closes(connection: socket.socket) -> None:
    stream(connection)


@contextmanager
def listening(daemon: Callable[[socket.socket], None], address: str | None = None) -> Iterator[int]:
    """A daemon at a Unix socket, or on a port of the loopback interface, which is given."""
    family = socket.AF_UNIX if address else socket.AF_INET
    with socket.socket(family) as listener:
        listener.bind(address or ("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=_serve, args=(listener, daemon), daemon=True)
        thread.start()
        try:
            yield 0 if address else listener.getsockname()[1]
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _serve(listener: socket.socket, daemon: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            daemon(connection)
