"""Framing and connections: RFC 9112."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.rows.row import Row
from tests.conformance.wire import MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Probe
    from tests.conformance.wire import Answer, Line

CSS, BIN, ONE = "site.css", "plain.bin", "one.bin"
GZIP = "Accept-Encoding: gzip"
# What is hidden in a body must not be taken for a request.
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CHUNKED = f"{len(SMUGGLED):x}\r\n{SMUGGLED}\r\n0\r\n\r\n"

# id, what is answered first, name, request lines, method
ALIVE: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("alive-after-200", "a coded 200", CSS, (GZIP,), "GET"),
    ("alive-after-head", "HEAD", CSS, (), "HEAD"),
    ("alive-after-304", "a 304", CSS, ("If-None-Match: {etag}",), "GET"),
    ("alive-after-206", "a 206", BIN, ("Range: bytes=2-4",), "GET"),
    ("alive-after-416", "a 416", BIN, ("Range: bytes=10-",), "GET"),
    ("alive-after-412", "a 412", CSS, ('If-Match: "x"',), "GET"),
    ("alive-after-404", "a 404", "missing.css", (), "GET"),
    ("alive-after-405", "a 405", CSS, ("Content-Length: 0",), "POST"),
    ("alive-after-options", "OPTIONS", CSS, (), "OPTIONS"),
    ("alive-after-empty", "an empty file", "empty.txt", (), "GET"),
)  # fmt: skip

# id, rule, request lines, content, method
CONTENT: tuple[tuple[str, str, tuple[str, ...], str, str], ...] = (
    ("content-on-get", "The content of a GET request is not taken for the next request.",
     (f"Content-Length: {len(SMUGGLED)}",), SMUGGLED, "GET"),
    ("content-on-get-chunked", "Chunked content of a GET request is not taken for the next request.",
     ("Transfer-Encoding: chunked",), CHUNKED, "GET"),
    ("content-on-post", "The content of a refused POST is not taken for the next request.",
     (f"Content-Length: {len(SMUGGLED)}",), SMUGGLED, "POST"),
    ("content-on-304", "The content of a request that is answered 304 is not taken for the next request.",
     ("If-None-Match: {etag}", f"Content-Length: {len(SMUGGLED)}"), SMUGGLED, "GET"),
)  # fmt: skip


def next_is_right(probe: Probe, line: Line, first: Answer, sent: bool = False) -> Iterator[str]:
    """The next request on the connection is answered, unless the server closed instead."""
    if not sent:
        line.send(probe.compose(ONE, "Connection: close"))
    try:
        if line.closed():
            return
        answer = line.receive("GET")
    except MalformedError as error:
        yield f"after {first.status}: {error}"
        return
    if (answer.status, answer.body) != (200, probe.file(ONE)):
        yield f"after {first.status}: {answer.status} with {answer.body[:20]!r}"
    elif rest := line.drain():
        yield f"after {first.status} and 200: {rest[:20]!r}"


def alive(name: str, *lines: str, method: str) -> Callable[[Probe], Iterator[str]]:
    def check(probe: Probe) -> Iterator[str]:
        request = probe.compose(name, *lines, method=method)
        with probe.line() as line:
            line.send(request)
            first = line.receive(method)
            yield from next_is_right(probe, line, first)

    return check


def content(lines: tuple[str, ...], body: str, method: str) -> Callable[[Probe], Iterator[str]]:
    def check(probe: Probe) -> Iterator[str]:
        request = probe.compose(BIN, *lines, method=method) + body.encode()
        with probe.line() as line:
            line.send(request + probe.compose(ONE, "Connection: close"))
            first = line.receive(method)
            yield from next_is_right(probe, line, first, sent=True)

    return check


def pipelined(probe: Probe) -> Iterator[str]:
    names = (BIN, ONE, BIN)
    with probe.line() as line:
        line.send(b"".join(probe.compose(name) for name in names))
        for name in names:
            answer = line.receive("GET")
            if answer.body != probe.file(name):
                yield f"{name}: {answer.status} with {answer.body[:20]!r}"
            if answer.says_close:
                return


def close_honoured(probe: Probe) -> Iterator[str]:
    with probe.line() as line:
        line.send(probe.compose(ONE, "Connection: close"))
        line.receive("GET")
        line.send(probe.compose(ONE, "Connection: close"))
        if not line.closed():
            yield "the connection is used after Connection: close"


def close_said(probe: Probe) -> Iterator[str]:
    if not probe.ask(ONE).says_close:
        yield "the answer to Connection: close does not say close"


def http10(probe: Probe, *lines: str) -> tuple[Answer, bool]:
    with probe.line() as line:
        start = [f"GET {probe.path(BIN)} HTTP/1.0", *lines, "", ""]
        line.send("\r\n".join(start).encode())
        answer = line.receive("GET")
        return answer, line.closed()


def old_version(probe: Probe) -> Iterator[str]:
    answer, _ = http10(probe)
    if (answer.status, answer.body) != (200, probe.file(BIN)):
        yield f"{answer.status} with {answer.body[:20]!r}"
    if answer.get("Transfer-Encoding"):
        yield f"Transfer-Encoding: {answer.get('Transfer-Encoding')}"


def old_version_closes(probe: Probe) -> Iterator[str]:
    try:
        _, closed = http10(probe)
    except MalformedError as error:
        yield str(error)
        return
    if not closed:
        yield "octets after the answer"


def one_framing(probe: Probe) -> Iterator[str]:
    for name in (CSS, BIN, "missing.css"):
        answer = probe.ask(name, GZIP)
        if answer.get("Transfer-Encoding") and answer.get("Content-Length"):
            yield f"{name}: Transfer-Encoding and Content-Length {answer.length}"


ROWS = (
    *(
        Row(key, "RFC 9112 §9.3", "MUST", f"After {what} the connection serves on, or is closed.",
            alive(name, *lines, method=method))
        for key, what, name, lines, method in ALIVE
    ),
    *(
        Row(key, "RFC 9112 §9.3", "MUST", rule, content(lines, body, method))
        for key, rule, lines, body, method in CONTENT
    ),
    Row("pipelined", "RFC 9112 §9.3.2", "MUST", "Pipelined requests are answered in their order.", pipelined),
    Row("close-honoured", "RFC 9112 §9.6", "MUST", "Connection: close closes after the answer.", close_honoured),
    Row("close-said", "RFC 9112 §9.6", "SHOULD", "The last answer says Connection: close.", close_said),
    Row("http10", "RFC 9112 §6.1", "MUST", "HTTP/1.0 is answered without Transfer-Encoding.", old_version),
    Row("http10-closes", "RFC 9112 §9.3", "MUST", "HTTP/1.0 without keep-alive is closed.", old_version_closes),
    Row("framing-once", "RFC 9112 §6.2", "MUST", "Content-Length is not sent with Transfer-Encoding.", one_framing),
)  # fmt: skip
