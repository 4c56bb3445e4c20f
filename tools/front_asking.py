"""One request to a real server by the letter, and what came back."""

import gzip
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tools.front_case import Place, Request

NOT_ASKED = 0  # nobody listens at the address


@dataclass(frozen=True)
class Answer:
    """What came back; header names are in lower case, several of one name joined with a comma.

    The status is 444 where nothing came, NOT_ASKED where nobody listens.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def ask(request: Request, place: Place) -> Answer:
    """One request on a connection of its own."""
    with socket.socket(socket.AF_INET6 if ":" in request.address else socket.AF_INET) as connection:
        connection.settimeout(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if request.client not in {"127.0.0.1", "::1"}:
            connection.bind((request.client, 0))
        if connection.connect_ex((request.address, place.port)):
            return Answer(NOT_ASKED)
        connection.sendall(_raw(request, place))
        data = bytearray()
        with suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                data += chunk
    return _parsed(bytes(data))


def _raw(request: Request, place: Place) -> bytes:
    version = "1.0" if request.host is None else "1.1"
    lines = [f"{request.method} {place.fill(request.target)} HTTP/{version}"]
    if request.host is not None:
        lines.append(f"Host: {request.host}:{place.port}")
    lines += [f"{name}: {value}" for name, value in request.fields.items()]
    if request.method in {"POST", "PUT", "PATCH"}:
        lines.append("Content-Length: 0")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "surrogateescape")


def _parsed(data: bytes) -> Answer:
    if not data:
        return Answer(444)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode("utf-8", "surrogateescape").split("\r\n")
    headers: dict[str, str] = {}
    for line in rest:
        name, _, value = line.partition(":")
        key, value = name.lower(), value.removeprefix(" ")
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    if headers.get("transfer-encoding") == "chunked":
        body = _unchunked(body)
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    return Answer(int(first.split(" ")[1]), headers, body)


def _unchunked(data: bytes) -> bytes:
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        count = int(size, 16)
        body, data = body + data[:count], data[count + 2 :]
    return body


def free_ports(count: int) -> list[int]:
    held = []
    try:
        for _ in range(count):
            each = socket.socket()
            held.append(each)
            each.bind(("", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
