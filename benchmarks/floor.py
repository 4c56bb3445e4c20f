"""`python -m benchmarks.floor uvloop|epoll PORT FILE`: the least that Python needs to answer every read with a file.

Nothing is parsed, nothing is looked up. Whoever asks for the end of the connection has it after the answer.
"""

import asyncio
import select
import socket
import sys
from pathlib import Path

import uvloop

HEAD = (
    "HTTP/1.1 200 OK",
    "Date: Sat, 21 Nov 2026 13:04:02 GMT",
    "Server: floor",
    "Content-Encoding: br",
    'ETag: "f6183055fd949f9c53d49ee620f85d01"',
    "Content-Type: text/css; charset=utf-8",
    "Accept-Ranges: bytes",
    "Cache-Control: public, max-age=31536000, immutable",
    "X-Content-Type-Options: nosniff",
    "Access-Control-Allow-Origin: *",
    "Last-Modified: Sat, 21 Nov 2026 10:25:19 GMT",
    "Vary: Accept-Encoding",
)
LAST = b"Connection: close"


def answer(path: Path) -> bytes:
    body = path.read_bytes()
    return "\r\n".join([*HEAD, f"Content-Length: {len(body)}", "", ""]).encode() + body


async def on_uvloop(port: int, octets: bytes) -> None:
    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport: asyncio.Transport = transport  # type: ignore[assignment]

        def data_received(self, data: bytes) -> None:
            self.transport.write(octets)
            if LAST in data:
                self.transport.close()

    server = await asyncio.get_running_loop().create_server(Protocol, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


def on_epoll(port: int, octets: bytes) -> None:
    listener, poller = socket.create_server(("127.0.0.1", port), backlog=2048), select.epoll()
    listener.setblocking(False)
    poller.register(listener, select.EPOLLIN)
    connections: dict[int, socket.socket] = {}
    while True:
        for descriptor, _ in poller.poll():
            if descriptor == listener.fileno():
                connection, _ = listener.accept()
                connection.setblocking(False)
                connections[connection.fileno()] = connection
                poller.register(connection, select.EPOLLIN)
            elif not answered(connections[descriptor], octets):
                poller.unregister(descriptor)
                connections.pop(descriptor).close()


def answered(connection: socket.socket, octets: bytes) -> bool:
    """Whether the connection goes on."""
    try:
        data = connection.recv(8192)
        if data:
            connection.send(octets)
    except OSError:
        return False
    return bool(data) and LAST not in data


if __name__ == "__main__":
    kind, port, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if kind == "uvloop":
        uvloop.run(on_uvloop(port, answer(path)))
    else:
        on_epoll(port, answer(path))
