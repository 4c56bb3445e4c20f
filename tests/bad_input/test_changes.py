"""Files that change while they are sent: what was announced arrives, or the connection ends."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bad_input.judge import PATIENCE, parse
from tests.bad_input.servers import Running
from tests.bad_input.site import CHANGING

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

SHORT = 1_000_000  # octets that are left
TARGET = b"/static/plain/changing.bin"


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"+" * 1_000_000)


def replace(path: Path) -> None:
    other = path.with_name("other.bin")
    other.write_bytes(b"O" * len(CHANGING))
    other.replace(path)


def shrink(path: Path) -> None:
    os.truncate(path, SHORT)


CHANGES: list[tuple[Callable[[Path], None], bool]] = [
    (grow, True),
    (replace, True),
    (Path.unlink, True),
    (shrink, False),
]
RANGES = {"whole": (b"", 0), "part": (b"Range: bytes=7-\r\n", 7)}


@pytest.fixture
def path(server: Running) -> Iterator[Path]:
    path = server.site.root / "plain/changing.bin"
    path.write_bytes(CHANGING)
    yield path
    path.write_bytes(CHANGING)


def answer_with(server: Running, field: bytes, change: Callable[[], None]) -> tuple[bytes, int, socket.socket]:
    """All octets of an answer, how many were announced, and the connection, which may go on."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    line.settimeout(PATIENCE)
    line.connect(("127.0.0.1", server.port))
    line.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n" % (TARGET, field))
    got = line.recv(65536)
    while b"\r\n\r\n" not in got:
        got += line.recv(65536)
    change()
    answer = parse(got)
    assert answer is not None
    announced = int(answer.fields[b"content-length"])
    body = bytearray(answer.body)
    try:
        while len(body) < announced and (part := line.recv(1 << 20)):
            body += part
    except ConnectionError:
        pass
    return bytes(body), announced, line


@pytest.mark.parametrize("kind", RANGES)
@pytest.mark.parametrize(("change", "is_whole"), CHANGES)
def test_a_file_that_changes_while_it_is_sent(
    server: Running, path: Path, change: Callable[[Path], None], is_whole: bool, kind: str
) -> None:
    field, start = RANGES[kind]
    body, announced, line = answer_with(server, field, lambda: change(path))
    with line:
        assert announced == len(CHANGING) - start
        if is_whole:
            assert body == CHANGING[start:]
            line.sendall(b"HEAD /static/plain/a.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert line.recv(15) == b"HTTP/1.1 200 OK"
        else:
            assert len(body) < announced, "the connection ended early, so that no later answer is taken for the rest"
            assert body[: SHORT - start] == CHANGING[start:SHORT][: len(body)]  # the kernel may fill up what lay behind
