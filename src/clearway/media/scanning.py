"""Scanners for viruses. A scanner is a callable: `scanner(file) -> str | None`.

It is given a binary file at its beginning, and gives the name of what it found, or None for a clean file. It raises
`ScanError`, or any `OSError`, when it cannot say. `Clamd` is one; a test or another service needs a function.
"""

import socket
from time import monotonic
from typing import BinaryIO

_CLEAN, _ABOUT, _FOUND, _TOO_LARGE = "stream: OK", "stream: ", " FOUND", "size limit exceeded"
_PIECE = 1 << 16
_LONGEST_ANSWER = 4096


class ScanError(OSError):
    """A file that could not be scanned, and why."""


class Clamd:
    """ClamAV's daemon, asked by INSTREAM (clamd(8)), so that it needs no right to read the file.

    socket      path of its Unix socket; Debian's is the default
    host, port  of its TCP socket, in the place of the other: keep it on the machine, it has no password
    timeout     seconds for one file, from connecting to the answer

    A file larger than the daemon's StreamMaxLength cannot be scanned: let `max_size` be less.
    """

    def __init__(
        self,
        socket: str = "/run/clamav/clamd.ctl",
        host: str | None = None,
        port: int = 3310,
        timeout: float = 60,
    ) -> None:
        self._path, self._host, self._port, self._timeout = socket, host, port, timeout

    def __call__(self, file: BinaryIO) -> str | None:
        """The name of what it found, or None. Raises `ScanError`."""
        end = monotonic() + self._timeout
        try:
            with self._connected() as connection:
                answer = _asked(connection, file, end)
        except ScanError:
            raise
        except OSError as error:
            raise ScanError(f"clamd: {error or type(error).__name__}") from error
        return _meaning(answer)

    def _connected(self) -> socket.socket:
        if self._host is not None:
            return socket.create_connection((self._host, self._port), self._timeout)
        if not hasattr(socket, "AF_UNIX"):
            raise ScanError("clamd: no Unix sockets here; give it a host")
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(self._timeout)
            connection.connect(self._path)
        except OSError:
            connection.close()
            raise
        return connection


def _asked(connection: socket.socket, file: BinaryIO, end: float) -> str:
    try:
        _send(connection, b"zINSTREAM\0", end)
        while piece := file.read(_PIECE):
            _send(connection, len(piece).to_bytes(4, "big") + piece, end)
        _send(connection, bytes(4), end)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it stops reading what is too large for it, and says so
    return _answer(connection, end)


def _send(connection: socket.socket, data: bytes, end: float) -> None:
    connection.settimeout(_left(end))
    connection.sendall(data)


def _answer(connection: socket.socket, end: float) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) <= _LONGEST_ANSWER:
        connection.settimeout(_left(end))
        piece = connection.recv(_PIECE)
        if not piece:
            break
        answer += piece
    text, ended, _ = answer.partition(b"\0")
    if not ended:
        raise ScanError("clamd: an answer without an end")
    return text.decode("utf-8", "replace")


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise ScanError("clamd: no answer in time")
    return left


def _meaning(answer: str) -> str | None:
    """`stream: OK`, `stream: NAME FOUND`, or what went wrong."""
    if answer == _CLEAN:
        return None
    name = answer.removeprefix(_ABOUT).removesuffix(_FOUND)
    if name and answer == f"{_ABOUT}{name}{_FOUND}":
        return name
    if _TOO_LARGE in answer:
        raise ScanError("clamd: the file is larger than its StreamMaxLength")
    raise ScanError(f"clamd: {answer[:200]!r}")
