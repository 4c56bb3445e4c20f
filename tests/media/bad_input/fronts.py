"""A web server before a server of the project, and what holds for every answer that comes through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bad_input.cases import Case
from tests.bad_input.judge import SECRETS, Answer, exchange, parse
from tests.bad_input.servers import Running
from tests.bad_input.site import FORGED, Site
from tests.media.bad_input.judge import request_for
from tests.system.front_rows import is_own_error

SERVERS_OWN = frozenset({501, 505})  # of a method or a version that the front does not know


@dataclass(frozen=True)
class Front:
    """A web server, and gunicorn behind it."""

    name: str
    port: int
    site: Site
    behind: Running
    log: Path

    def get(self, target: str, *lines: str) -> bytes:
        fields = "".join(f"{line}\r\n" for line in ("Host: 127.0.0.1", *lines, "Connection: close"))
        return exchange(self.port, f"GET {target} HTTP/1.1\r\n{fields}\r\n".encode("latin-1"))


def complaints(front: Front, made: Iterator[Case], cookie: bytes) -> Iterator[str]:
    for case in made:
        request = request_for(case, front.site, cookie)
        if front.name == "caddy" and b"fifo" in request:
            continue  # it waits for whoever writes into a pipe
        try:
            raw = exchange(front.port, request)
        except TimeoutError:
            yield f"{case}: no end"
            continue
        yield from (f"{case}: {problem}" for problem in faults(front.name, case, request, raw, parse(raw)))


def is_others(name: str, case: Case) -> bool:
    """Whether 500 is the word of the web server for what Clearway never sees."""
    return is_own_error(name, case.target)


def faults(name: str, case: Case, request: bytes, raw: bytes, answer: Answer | None) -> Iterator[str]:
    head, _, body = raw.partition(b"\r\n\r\n")
    if any(secret in body for secret in SECRETS if secret not in request):
        yield "a secret came out"
    if answer is None:
        return
    if answer.status >= 500 and answer.status not in SERVERS_OWN and not is_others(name, case):
        yield f"{answer.status}: {raw[:200]!r}"
    if FORGED.lower() in answer.fields or b"\n" in head.replace(b"\r\n", b""):
        yield f"a forged header: {raw[:300]!r}"
    for field in (b"x-accel-redirect", b"x-sendfile"):
        if field in answer.fields:
            yield f"{field!r} came out"
