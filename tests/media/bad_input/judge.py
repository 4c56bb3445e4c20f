"""What holds for every answer about users' files, beside the rules for static ones, and for what is logged."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.bad_input.cases import MISS, Case
from tests.bad_input.judge import PATIENCE, exchange, faults
from tests.bad_input.site import FORGED, Site

VARYING = re.compile(rb"(?im)^(?:date|connection|keep-alive|last-modified):[^\n]*\n")
FAILURES = (b"Traceback (most recent call last)", b"Internal Server Error", b"Exception in ")
MISSING = b"none.css"


def request_for(case: Case, site: Site, cookie: bytes) -> bytes:
    """With the cookie of a user, unless the case has one."""
    made = case.request(site)
    return made.replace(b"\r\n", b"\r\nCookie: user=%s\r\n" % cookie, 1) if cookie else made


def complaints(port: int, site: Site, prefix: bytes, made: Iterable[Case], cookie: bytes = b"") -> Iterator[str]:
    """What is wrong with the answers to the cases about the files below a prefix."""
    missing = Case(prefix + MISSING, frozenset({MISS}))
    nothing = told(exchange(port, request_for(missing, site, cookie)))
    for case in made:
        try:
            raw = exchange(port, request_for(case, site, cookie))
        except TimeoutError:
            yield f"{case}: no end within {PATIENCE:g} s"
            continue
        yield from (f"{case}: {problem}" for problem in faults(case, raw))
        if is_plain(case, prefix) and raw[9:12] == b"404" and told(raw) != nothing:
            yield f"{case}: another 404 than that of a file that is not there: {raw[:400]!r}"


def is_plain(case: Case, prefix: bytes) -> bool:
    """Whether a miss must be answered as every other."""
    return case.target.startswith(prefix) and case.method == b"GET" and case.version == b"HTTP/1.1" and not case.lines


def told(raw: bytes) -> bytes:
    """What an answer says, without what differs from one to the next."""
    return VARYING.sub(b"", raw)


def cries(log: Path) -> list[bytes]:
    """Lines of a log that say that something failed, or that a request wrote as it liked."""
    lines = log.read_bytes().replace(b"\r\n", b"\n").split(b"\n")
    bad = (*FAILURES, b"\x1b", b"\r")
    return [line for line in lines if line.startswith(FORGED) or any(each in line for each in bad)]
