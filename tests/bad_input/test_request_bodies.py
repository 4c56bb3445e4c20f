"""A static answer to a request with content: the content is drained, or the connection ends. It is never a request."""

import re
import socket
from contextlib import suppress

import pytest
from tests.bad_input.judge import PATIENCE
from tests.bad_input.servers import Running
from tests.bad_input.site import CANARY

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

STATUS = re.compile(rb"HTTP/1\.[01] ([2-5]\d\d) ")
# Within the content: a request whose answer, 416, nothing else here has. Behind it: one that is answered with 206.
HIDDEN = b"GET /static/plain/a.css HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=99999-\r\n\r\n"
NEXT = b"GET /static/plain/a.css HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-1\r\nConnection: close\r\n\r\n"
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)
OURS = {b"GET": b"200", b"HEAD": b"200", b"POST": b"405", b"PUT": b"405", b"DELETE": b"405", b"OPTIONS": b"204"}
# name: header lines, content, whether the client waits for an answer before it sends the content
FRAMES: dict[str, tuple[bytes, bytes, bool]] = {
    "Content-Length": (b"Content-Length: %d" % len(HIDDEN), HIDDEN, False),
    "chunked": (b"Transfer-Encoding: chunked", CHUNKED, False),
    "chunked with an extension": (b"Transfer-Encoding: chunked", CHUNKED.replace(b"\r\n", b";a=b\r\n", 1), False),
    "chunked with a trailer": (b"Transfer-Encoding: chunked", CHUNKED[:-2] + b"X-Trailer: y\r\n\r\n", False),
    "both": (b"Content-Length: 4\r\nTransfer-Encoding: chunked", CHUNKED, False),
    "both, the other way": (b"Transfer-Encoding: chunked\r\nContent-Length: %d" % len(CHUNKED), CHUNKED, False),
    "unknown coding": (b"Transfer-Encoding: xchunked", CHUNKED, False),
    "two lengths": (b"Content-Length: %d\r\nContent-Length: 4" % len(HIDDEN), HIDDEN, False),
    "two lengths in one": (b"Content-Length: %d, 4" % len(HIDDEN), HIDDEN, False),
    "length with a sign": (b"Content-Length: +%d" % len(HIDDEN), HIDDEN, False),
    "negative length": (b"Content-Length: -1", HIDDEN, False),
    "hexadecimal length": (b"Content-Length: 0x%x" % len(HIDDEN), HIDDEN, False),
    "ten megabytes": (b"Content-Length: %d" % (10 << 20), HIDDEN.ljust(10 << 20), False),
    "expected": (b"Content-Length: %d\r\nExpect: 100-continue" % len(HIDDEN), HIDDEN, True),
    "expected, chunked": (b"Transfer-Encoding: chunked\r\nExpect: 100-continue", CHUNKED, True),
    "expected, unknown": (b"Content-Length: %d\r\nExpect: 200-maybe" % len(HIDDEN), HIDDEN, False),
}


def talk(server: Running, head: bytes, content: bytes, *, waits: bool, ends: bool = False) -> bytes:
    """Everything that comes back on one connection until the server closes it."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as line:
        line.sendall(head)
        got = line.recv(65536) if waits else b""
        with suppress(OSError):
            line.sendall(content)
            if ends:
                line.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while part := line.recv(1 << 20):
                got += part
        return got


@pytest.mark.parametrize("method", OURS)
def test_content_is_drained_or_the_connection_ends(server: Running, method: bytes) -> None:
    problems = []
    for target, own in ((b"/static/plain/a.css", OURS[method]), (b"/static/none.css", b"404")):
        for name, (lines, content, waits) in FRAMES.items():
            head = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n\r\n" % (method, target, lines)
            got = talk(server, head, content + NEXT, waits=waits)
            statuses = STATUS.findall(got)
            refused = statuses[:1] in ([], [b"400"], [b"413"], [b"417"], [b"501"])
            if CANARY in got or not (refused or statuses in ([own], [own, b"206"])):
                problems.append(f"{name}, {target.decode()}: {statuses}")
    assert problems == []


@pytest.mark.parametrize("length", [len(HIDDEN) + 1, 1 << 30, 10**30])
def test_content_that_ends_too_early_is_no_request(server: Running, length: int) -> None:
    head = b"POST /static/plain/a.css HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % length
    statuses = STATUS.findall(talk(server, head, HIDDEN, waits=False, ends=True))
    assert statuses in ([], [b"405"], [b"400"], [b"413"])
