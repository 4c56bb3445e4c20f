"""A request of the lanes' traffic and the whole of its answer, and how the answers are learnt."""

import gzip
import re
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DATE = 29  # octets of a date
NUMBER = b"@" * 12  # stands for a request's number, in the request and in its answer
BROWSER = (
    b"Host: shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0)\r\nAccept: text/css,*/*;q=0.1\r\n"
    b"Accept-Language: de,en;q=0.5\r\nSec-Fetch-Dest: style\r\nSec-Fetch-Mode: no-cors\r\nCookie: a=b; c=d\r\n"
)
CODINGS: tuple[bytes, ...] = (b"gzip, deflate, br", b"gzip", b"zstd", b"identity")
DECODE: dict[bytes, Callable[[bytes], bytes]] = {
    b"": bytes,
    b"br": brotli.decompress,
    b"gzip": gzip.decompress,
    b"zstd": zstd.decompress,
}
MISSING = 12


@dataclass(frozen=True)
class Exchange:
    """Octets to send, and all that comes back: between the pieces are the dates. `count` requests in a row."""

    request: bytes
    pieces: tuple[bytes, ...]
    closes: bool = False
    before: "Exchange | None" = None  # those of the row before its last

    @cached_property
    def count(self) -> int:
        return 1 + (self.before.count if self.before else 0)

    @cached_property
    def length(self) -> int:
        return sum(map(len, self.pieces)) + DATE * (len(self.pieces) - 1)

    @cached_property
    def is_numbered(self) -> bool:
        return NUMBER in self.request

    def numbered(self, number: int) -> "Exchange":
        """With the number of the request in it."""
        digits = b"%012d" % number
        pieces = tuple(piece.replace(NUMBER, digits) for piece in self.pieces)
        before = self.before.numbered(number) if self.before else None
        return Exchange(self.request.replace(NUMBER, digits), pieces, self.closes, before)

    def then(self, other: "Exchange") -> "Exchange":
        """Both, sent at once; the other is one request."""
        return Exchange(self.request + other.request, _joined(self.pieces, other.pieces), other.closes, self)

    def matches(self, data: bytes | bytearray) -> bool:
        """Whether this is the whole answer."""
        if len(data) != self.length:
            return False
        if len(self.pieces) == 2:
            return data.startswith(self.pieces[0]) and data.endswith(self.pieces[1])
        return self.begins(data)

    def begins(self, data: bytes | bytearray) -> bool:
        """Whether this may become the whole answer."""
        place = 0
        for piece in self.pieces:
            if not piece.startswith(bytes(data[place : place + len(piece)])):
                return False
            place += len(piece) + DATE
        return len(data) <= self.length

    @cached_property
    def endings(self) -> "list[Exchange]":
        """What else a worker may answer that is about to end: to the first of the requests only, and that it closes."""
        before = self.before.pieces if self.before else (b"",)
        alone = Exchange(b"", self.pieces if self.before is None else _rest(self.pieces, before))
        last = Exchange(self.request, _joined(before, tuple(map(_closing, alone.pieces))), True, self.before)
        return [last, *([self.before, *self.before.endings] if self.before else [])]


def _joined(first: tuple[bytes, ...], second: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return (*first[:-1], first[-1] + second[0], *second[1:])


def _rest(pieces: tuple[bytes, ...], first: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return (pieces[len(first) - 1].removeprefix(first[-1]), *pieces[len(first) :])


def _closing(piece: bytes) -> bytes:
    """gunicorn always says what becomes of the connection, uvicorn only that it is closed."""
    kept = b"\r\nConnection: keep-alive\r\n"
    if piece.startswith(kept):
        return b"\r\nConnection: close\r\n" + piece.removeprefix(kept)
    if piece.startswith(b"\r\n") and b"connection: close" not in piece:
        return piece.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1)
    return piece


def request(target: bytes, fields: bytes = b"", method: bytes = b"GET", body: bytes = b"") -> bytes:
    return b"%s %s HTTP/1.1\r\n%s%s\r\n%s" % (method, target, BROWSER, fields, body)


# --- what is asked, and what is answered


@dataclass
class Menu:
    """Everything that visitors ask for, with the answers of a server that has no lane.

    Answers of whole files are compared with the files, decoded.
    """

    address: tuple[str, int]
    contents: dict[bytes, bytes]  # by URL path

    def __post_init__(self) -> None:
        small = [path for path, content in self.contents.items() if len(content) < 100_000]
        large = [path for path in self.contents if path not in small]
        self.static = [each for path in small for each in self._file(path)]
        self.static += [self.learn(request(b"/static/none.%d.css" % number)) for number in range(MISSING)]
        self.large = [each for path in large for each in self._file(path)]
        self.pages = [self.learn(request(b"/page?n=" + NUMBER))]
        for size in (0, 9, 3000):
            length = b"Content-Length: %d\r\n" % size
            self.pages.append(self.learn(request(b"/page?n=" + NUMBER, length, b"POST", b"x" * size)))
        self.last = [self.learn(self._closing(each.request)) for each in (*self.static[:40], self.pages[0])]

    def _closing(self, octets: bytes) -> bytes:
        return octets.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)

    def _file(self, path: bytes) -> Iterator[Exchange]:
        for coding in CODINGS:
            asked = b"Accept-Encoding: %s\r\n" % coding
            whole = self.learn(request(path, asked), self.contents[path])
            tag = _field(b"".join(whole.pieces), b"etag")
            yield whole
            yield self.learn(request(path, asked + b"If-None-Match: %s\r\n" % tag))
            yield self.learn(request(path + b"?v=" + NUMBER, asked), self.contents[path])
            yield self.learn(request(path, asked, b"HEAD"))
        yield self.learn(request(path, b"Range: bytes=10-99\r\n"))
        yield self.learn(request(path, b'If-Match: "another"\r\n'))
        yield self.learn(request(path, b"Range: bytes=99999999-\r\n"))

    def learn(self, octets: bytes, content: bytes | None = None) -> Exchange:
        """Ask, and keep the answer. Raises `ValueError` when it is not the content of the file."""
        with socket.create_connection(self.address, 20) as connection:
            connection.sendall(octets)
            head, body = _answer(connection, octets.startswith(b"HEAD"))
        if content is not None and DECODE[_field(head, b"content-encoding")](body) != content:
            raise ValueError(f"not the content: {octets!r}")
        before, _, after = re.split(rb"(?i)(?<=\r\ndate: )([^\r]{29})", head, maxsplit=1)
        closes = _field(head, b"connection").lower() == b"close"
        return Exchange(octets, (before, after + body), closes=closes)

    def script(self, random: Random, size: int, sharing: "Shares") -> list[Exchange]:
        """Exchanges in a random order; no two answers beside each other are the same."""
        found: list[Exchange] = []
        while len(found) < size:
            exchange = self._any(random, sharing)
            if not found or found[-1].pieces != exchange.pieces:
                found.append(exchange)
        return found

    def _any(self, random: Random, sharing: "Shares") -> Exchange:
        dice = random.random()
        kinds = (self.pages, sharing.pages), (self.large, sharing.large), (self.last, sharing.last)
        for exchanges, share in kinds:
            if dice < share:
                return random.choice(exchanges)
            dice -= share
        if dice < sharing.batches:
            return self.batch(random, random.randint(2, 6))
        return random.choice(self.static)

    def batch(self, random: Random, count: int) -> Exchange:
        """Some requests at once."""
        exchange = random.choice(self.static)
        for _ in range(count - 1):
            exchange = exchange.then(random.choice(random.choice((self.static, self.static, self.pages))))
        return exchange


@dataclass(frozen=True)
class Shares:
    """How many of the exchanges are not one request for a small file."""

    pages: float = 0.01
    large: float = 0.002
    last: float = 0.01
    batches: float = 0.003


def _answer(connection: socket.socket, has_no_body: bool) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    has_no_body = has_no_body or head[9:12] in (b"204", b"304")
    length = 0 if has_no_body else int(_field(head, b"content-length"))
    while len(body) < length:
        body += _some(connection)
    if len(body) > length:
        raise ValueError(f"more than one answer: {head!r}")
    return head + b"\r\n\r\n", body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 20)
    if not data:
        raise ValueError("the connection ended within an answer")
    return data


def _field(head: bytes, name: bytes) -> bytes:
    found = re.search(rb"(?i)\r\n" + name + rb": ([^\r]*)", head)
    return found[1] if found else b""
