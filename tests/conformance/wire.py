"""A client that sends exact bytes and reads an HTTP/1.1 answer by hand.

A library would repair what a server does wrong (a body after 304, a wrong length); here it must show.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass, field, replace
from typing import Self

HOST = "127.0.0.1"
PATIENCE = 3.0
BODILESS = frozenset({204, 304})


class UnreachableError(Exception):
    """The server cannot be connected to: nothing can be said about any row."""


class MalformedError(Exception):
    """What arrived is not one complete HTTP/1.x message."""


class NoAnswerError(MalformedError):
    """The connection ended before a status line."""


@dataclass(frozen=True)
class Answer:
    """One response: what the message says, and what lay on the connection behind it (`rest`)."""

    version: str
    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes = b""
    rest: bytes = field(default=b"", repr=False)

    def lines(self, name: str) -> list[str]:
        """Every field line of that name."""
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name: str) -> str | None:
        """The combined field value, or None when the field is absent."""
        found = self.lines(name)
        return ", ".join(found) if found else None

    def members(self, name: str) -> list[str]:
        """The members of a comma-separated field, lower-cased."""
        return [part.strip().lower() for part in (self.get(name) or "").split(",") if part.strip()]

    @property
    def length(self) -> int | None:
        value = self.get("Content-Length")
        return int(value) if value is not None and value.isdecimal() else None

    @property
    def coding(self) -> str:
        return (self.get("Content-Encoding") or "identity").lower()

    @property
    def says_close(self) -> bool:
        return "close" in self.members("Connection")


class Line:
    """One TCP connection to the server under test."""

    def __init__(self, port: int) -> None:
        try:
            self._socket = socket.create_connection((HOST, port), PATIENCE)
        except OSError as error:
            raise UnreachableError(f"port {port}: {error}") from error
        self._held = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        # A server may close while a request is still being sent; what it answered is read next.
        with contextlib.suppress(OSError):
            self._socket.sendall(data)

    def receive(self, method: str) -> Answer:
        """The next answer, read according to the method that asked for it."""
        answer = _head(self._until(b"\r\n\r\n"))
        if method == "HEAD" or answer.status in BODILESS:
            return answer
        return replace(answer, body=self._body(answer))

    def drain(self) -> bytes:
        """Everything until the server closes."""
        while self._more():
            pass
        held, self._held = self._held, b""
        return held

    def closed(self) -> bool:
        """Whether the server has closed with nothing left to read (waits for at most the patience)."""
        return not self._held and not self._more()

    def _body(self, answer: Answer) -> bytes:
        if "chunked" in answer.members("Transfer-Encoding"):
            return self._chunks()
        if answer.get("Content-Length") is None:
            return self.drain()
        if answer.length is None:
            raise MalformedError(f"Content-Length: {answer.get('Content-Length')}")
        return self._exactly(answer.length)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self._exactly(size)
            self._exactly(2)
        self._until(b"\r\n")
        return body

    def _exactly(self, size: int) -> bytes:
        while len(self._held) < size:
            if not self._more():
                raise MalformedError(f"the message ends after {len(self._held)} of {size} announced octets")
        data, self._held = self._held[:size], self._held[size:]
        return data

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._held:
            if not self._more():
                raise (MalformedError if self._held else NoAnswerError)(
                    f"the connection ends after {self._held[:60]!r}"
                )
        data, _, self._held = self._held.partition(mark)
        return data

    def _more(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except TimeoutError as error:
            raise MalformedError(f"nothing more within {PATIENCE:g} s and the connection stays open") from error
        except OSError:
            data = b""
        self._held += data
        return bool(data)


def _head(block: bytes) -> Answer:
    start, *lines = block.decode("latin-1").split("\r\n")
    version, _, tail = start.partition(" ")
    if not version.startswith("HTTP/1.") or not tail[:3].isdecimal():
        raise MalformedError(f"not a status line: {start[:60]!r}")
    return Answer(version, int(tail[:3]), tuple(_field(line) for line in lines))


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or name != name.strip():
        raise MalformedError(f"not a field line: {line[:60]!r}")
    return name, value.strip()
