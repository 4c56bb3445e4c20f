"""What holds for every answer, whatever was asked."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from tests.bad_input.cases import Case
from tests.bad_input.servers import Running
from tests.bad_input.site import CANARY, FORGED

PATIENCE = 5.0  # seconds; a generous end for what should take milliseconds
SECRETS = (CANARY, b"root:x:0", b"BAD_INPUT_HOME")
SAFE_LOCATION = re.compile(rb"\./(?:[^/\\\r\n?]+/)?(?:\?[\x21-\x7e]*)?\Z")
MISSED = (
    b"content-type", b"content-length", b"cache-control", b"x-content-type-options", b"access-control-allow-origin"
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """The first answer on a connection; `raw` is all that came."""

    raw: bytes
    status: int
    fields: dict[bytes, bytes]
    body: bytes


def exchange(port: int, request: bytes) -> bytes:
    """All that a server sends until it closes. A server may close before it has read everything."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        got = b""
        with suppress(ConnectionError):
            line.sendall(request)
        with suppress(ConnectionError):
            while part := line.recv(1 << 20):
                got += part
        return got


def parse(raw: bytes) -> Answer | None:
    head, end, body = raw.partition(b"\r\n\r\n")
    start, *lines = head.split(b"\r\n")
    if not end or not re.match(rb"HTTP/1\.[01] \d{3}", start):
        return None
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    return Answer(raw, int(start[9:12]), fields, body)


def complaints(server: Running, case: Case) -> Iterator[str]:
    try:
        raw = exchange(server.port, case.request(server.site))
    except TimeoutError:
        yield f"{case}: no end within {PATIENCE:g} s"
        return
    yield from (f"{case}: {problem}" for problem in faults(case, raw))


def faults(case: Case, raw: bytes) -> Iterator[str]:
    if any(secret in raw for secret in SECRETS):
        yield "a secret came out"
    answer = parse(raw)
    if answer is None:
        if raw or not case.want & {400}:
            yield f"not an answer: {raw[:80]!r}"
        return
    if answer.status not in case.want:
        yield f"{answer.status} {answer.body[:60]!r}"
    yield from damaged(case, answer)


def damaged(case: Case, answer: Answer) -> Iterator[str]:
    """A forged field, a redirect to another place, a second answer or a miss unlike the others."""
    if FORGED.lower() in answer.fields or b"\n" in answer.raw.partition(b"\r\n\r\n")[0].replace(b"\r\n", b""):
        yield f"a forged header: {answer.raw[:300]!r}"
    if b"location" in answer.fields and not SAFE_LOCATION.match(answer.fields[b"location"]):
        yield f"Location: {answer.fields[b'location']!r}"
    announced = answer.fields.get(b"content-length", b"%d" % len(answer.body))
    expected = 0 if case.method == b"HEAD" or answer.status in (204, 304) else int(announced)
    if b"transfer-encoding" not in answer.fields and len(answer.body) != expected:
        yield f"{len(answer.body)} octets of content, {expected} expected"
    if answer.status == 404 and case.target.startswith(b"/static/") and not is_ours(answer):
        yield f"another 404: {answer.raw[:300]!r}"


def is_ours(answer: Answer) -> bool:
    own = tuple(name for name in answer.fields if name in MISSED)
    return own == MISSED and answer.fields[b"cache-control"] == b"no-store" and answer.body in (b"Not Found\n", b"")
