"""A client that sends exact octets and reads HTTP/1.1 answers by the letter, also very large ones."""

import hashlib
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Self

HOST = "127.0.0.1"
PATIENCE = 20.0
PIECE = 1 << 20


@dataclass(frozen=True)
class Answer:
    """One answer; of a large body only the first PIECE octets are kept."""

    status: int
    lines: tuple[tuple[str, str], ...]
    body: bytes
    length: int
    sha256: str

    @property
    def fields(self) -> dict[str, str]:
        """By lower-case name. A name that comes twice is an error of the server here."""
        fields = {name.lower(): value for name, value in self.lines}
        assert len(fields) == len(self.lines), self.lines
        return fields


def request(target: str, method: str = "GET", body: bytes = b"", **fields: str) -> bytes:
    """The octets of a request; `accept_encoding="br"` gives an Accept-Encoding field."""
    named = {"host": HOST} | {name.replace("_", "-"): value for name, value in fields.items()}
    if body:
        named["content-length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


class Connection:
    """One TCP connection. `small_window` makes a client whose system takes little that it does not read."""

    def __init__(self, port: int, *, small_window: bool = False) -> None:
        self.socket = socket.socket()
        if small_window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((HOST, port))
        self._reader = self.socket.makefile("rb", buffering=PIECE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._reader.close()
        self.socket.close()

    def reset(self) -> None:
        """Leave without a good-bye: a RST instead of a FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.__exit__()

    def ask(self, target: str, method: str = "GET", body: bytes = b"", **fields: str) -> Answer:
        with suppress(ConnectionError):  # a server may have answered, and closed, before it read all of it
            self.socket.sendall(request(target, method, body, **fields))
        return self.answer(method)

    def answer(self, method: str = "GET") -> Answer:
        """The next answer. Raises ConnectionError when the server has closed before it."""
        status, lines = self.head()
        fields = {name.lower(): value for name, value in lines}
        reader: BinaryIO = self._reader
        if method == "HEAD" or status in (204, 304):
            return _answer(status, lines, reader, 0)
        if fields.get("transfer-encoding", "").lower() == "chunked":
            assert "content-length" not in fields, lines
            return _chunked(status, lines, reader)
        return _answer(status, lines, reader, int(fields["content-length"]))

    def head(self) -> tuple[int, tuple[tuple[str, str], ...]]:
        """Status and field lines of the next answer; its content stays unread."""
        start = self._reader.readline()
        if not start:
            raise ConnectionError("closed before an answer")
        version, status, *_ = start.decode("latin-1").split(" ")
        assert version == "HTTP/1.1", start
        lines = []
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, colon, value = line.decode("latin-1").partition(":")
            assert colon, line
            assert name == name.strip(), line
            lines.append((name, value.strip()))
        return int(status), tuple(lines)

    def first_octets(self, count: int) -> bytes:
        """Octets of the content that follows `head`."""
        return self._reader.read(count)

    def at_end(self) -> bool:
        """Whether the server closes, or has closed, without another octet."""
        try:
            return self._reader.read(1) == b""
        except ConnectionResetError:
            return True


def _answer(status: int, lines: tuple[tuple[str, str], ...], reader: BinaryIO, length: int) -> Answer:
    digest, first, left = hashlib.sha256(), b"", length
    while left:
        piece = reader.read(min(PIECE, left))
        assert piece, f"the content ends after {length - left} of {length} announced octets"
        digest.update(piece)
        first, left = first or piece, left - len(piece)
    return Answer(status, lines, first, length, digest.hexdigest())


def _chunked(status: int, lines: tuple[tuple[str, str], ...], reader: BinaryIO) -> Answer:
    body = b""
    while size := int(reader.readline().split(b";")[0], 16):
        body += reader.read(size)
        assert reader.readline() == b"\r\n"
    assert reader.readline() == b"\r\n"
    return Answer(status, lines, body, len(body), hashlib.sha256(body).hexdigest())
