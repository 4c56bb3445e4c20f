"""A small HTTP/1.1 client for the serving soak: it can be slow, leave half-way, and shows what was really sent."""

import asyncio
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

PATIENCE = 30  # seconds


class NoAnswerError(Exception):
    """The connection ended before an answer began, also the second time."""


class CutError(Exception):
    """The connection ended within an answer."""


@dataclass(frozen=True)
class Answer:
    status: int
    fields: Mapping[str, str]  # lower-case names
    body: bytes


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    is_fresh: bool = True

    def close(self, *, abruptly: bool = False) -> None:
        if abruptly and (raw := self.writer.get_extra_info("socket")):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.close()


@dataclass
class Client:
    """One server's port, connections that are kept open, and how many new ones were closed without an answer.

    A worker that ends may do that, so such a request is made once more, as browsers do.
    """

    port: int
    idle: list[Connection] = field(default_factory=list)
    unanswered: int = 0

    async def ask(
        self, method: str, path: str, fields: Mapping[str, str], *, keep: bool = True, pause: float = 0
    ) -> Answer:
        """One request; `pause` seconds before each few octets of the body. Raises `NoAnswerError`, `CutError`."""
        was_unanswered = False
        while True:
            connection = await self._connection(reuse=keep and not pause, slow=pause > 0)
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await _exchange(connection, method, path, fields, keep=keep, pause=pause)
            except NoAnswerError:
                connection.close()
                if was_unanswered and connection.is_fresh:
                    raise
                was_unanswered |= connection.is_fresh  # else it was idle, and the server had closed it
                self.unanswered += connection.is_fresh
            except BaseException:
                connection.close()
                raise
            else:
                self._done(connection, keep=keep and answer.fields.get("connection", "").lower() != "close")
                return answer

    async def leave(self, path: str, fields: Mapping[str, str], after: int) -> None:
        """Ask, read some octets, and be gone."""
        connection = await self._connection(reuse=False, slow=True)
        try:
            connection.writer.write(_head("GET", path, fields, keep=True))
            async with asyncio.timeout(PATIENCE):
                while after > 0 and (read := await connection.reader.read(min(after, 16384))):
                    after -= len(read)
        except ConnectionError:
            pass
        finally:
            connection.close(abruptly=True)

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()

    async def _connection(self, *, reuse: bool, slow: bool) -> Connection:
        if reuse and self.idle:
            found = self.idle.pop()
            found.is_fresh = False
            return found
        raw = socket.socket()
        if slow:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        raw.setblocking(False)
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self.port))
            return Connection(*await asyncio.open_connection(sock=raw))
        except BaseException:
            raw.close()
            raise

    def _done(self, connection: Connection, *, keep: bool) -> None:
        if keep and len(self.idle) < 8:
            self.idle.append(connection)
        else:
            connection.close()


def _head(method: str, path: str, fields: Mapping[str, str], *, keep: bool) -> bytes:
    rows = {"Host": "127.0.0.1", "Connection": "keep-alive" if keep else "close", **fields}
    return "\r\n".join([f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in rows.items()), "", ""]).encode()


async def _exchange(
    connection: Connection, method: str, path: str, fields: Mapping[str, str], *, keep: bool, pause: float
) -> Answer:
    reader = connection.reader
    try:
        connection.writer.write(_head(method, path, fields, keep=keep))
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        raise CutError("in the header") if error.partial else NoAnswerError from error
    except ConnectionError as error:
        raise NoAnswerError from error
    line, *rows = head.decode("latin-1").split("\r\n")[:-2]
    read = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows)}
    status = int(line.split()[1])
    length = 0 if method == "HEAD" or status in (204, 304) else int(read["content-length"])
    return Answer(status, read, await _body(reader, length, pause))


async def _body(reader: asyncio.StreamReader, length: int, pause: float) -> bytes:
    parts, left = list[bytes](), length
    try:
        while left:
            if pause:
                await asyncio.sleep(pause)
            part = await reader.read(min(left, 65536))
            if not part:
                raise CutError(f"{left} of {length} octets are missing")
            parts.append(part)
            left -= len(part)
    except ConnectionError as error:
        raise CutError(f"{left} of {length} octets are missing") from error
    return b"".join(parts)
