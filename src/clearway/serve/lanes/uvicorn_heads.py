"""Heads of plain requests as uvicorn's parser reads them, and without it where it has read the same before."""

import re
from functools import lru_cache
from itertools import product
from typing import Any
from urllib.parse import unquote

from httptools import HttpParserInvalidURLError, parse_url

from .head import LONGEST, REFUSED, Head

FORWARDED = frozenset(("x-forwarded-for", "x-forwarded-proto"))
_KEPT = 1024  # blocks of fields, and targets
_METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
_CLOSE = (b"connection", b"close")
_LINE = re.compile(rb"(GET|HEAD) (/[!$-~]*) HTTP/1\.1")

About = tuple[dict[str, str], bool]  # fields, and whether the connection is kept


class Heads:
    """Reads heads, with those of their fields that `reads` names.

    A block of fields that the parser has accepted, as all that followed a request line, is as good behind any other
    plain line: a browser sends the same for each file of a page.
    """

    def __init__(self, reads: frozenset[str]) -> None:
        self._names = _names(reads)
        self._blocks: dict[bytes, About] = {}

    def parsed(self, connection: Any) -> Head | None:
        """What uvicorn's parser has just read; None unless it is a plain request."""
        parser = connection.parser
        method, target = _METHODS.get(parser.get_method()), _split(connection.url)
        if method is None or target is None or parser.get_http_version() != "1.1":
            return None
        fields: dict[str, str] = {}
        for raw_name, value in connection.headers:
            name = self._names.get(raw_name)
            if name is not None:
                if not name or name in fields:
                    return None
                fields[name] = value.decode("latin-1")
        keep_alive = parser.should_keep_alive()
        if not keep_alive and _CLOSE not in connection.headers:  # here uvicorn 0.53 and later differ from earlier ones
            return None
        return Head(method, *target, fields, keep_alive)

    def remember(self, data: bytes, head: Head) -> None:
        """`data` is exactly one plain request."""
        line, _, block = data.partition(b"\r\n")
        if len(block) <= LONGEST and _read_line(line):
            if len(self._blocks) >= _KEPT:
                self._blocks.clear()
            self._blocks[block] = head.fields, head.keep_alive

    def remembered(self, data: bytes) -> Head | None:
        """The plain request that `data` is, if its fields are known."""
        line, _, block = data.partition(b"\r\n")
        about = self._blocks.get(block)
        target = _read_line(line) if about else None
        return Head(*target, *about) if about and target else None


@lru_cache(_KEPT)
def _read_line(line: bytes) -> tuple[str, str, str, str] | None:
    """Method, target, path and query of a plain request line."""
    found = _LINE.fullmatch(line)
    target = _split(found[2]) if found else None
    return (_METHODS[found[1]], *target) if found and target else None


def _names(reads: frozenset[str]) -> dict[bytes, str]:
    """Field names by their octets; an empty string for those that send a request down the ordinary road.

    Django takes `if_none_match` for `if-none-match` (CVE-2026-3902), so such names are not for the lane.
    """
    names = dict.fromkeys((name.encode() for name in REFUSED), "")
    for name in reads:
        names |= dict.fromkeys(_spellings(name), "")
        names[name.encode()] = name
    return names


def _spellings(name: str) -> list[bytes]:
    return ["".join(each).encode() for each in product(*("-_" if letter == "-" else letter for letter in name))]


@lru_cache(_KEPT)
def _split(url: bytes) -> tuple[str, str, str] | None:
    """Target, path and query as uvicorn's scope has them; None for what it may have trouble with."""
    if not url.startswith(b"/") or b"#" in url or len(url) > LONGEST:
        return None
    try:
        parsed = parse_url(url)
        path, query = parsed.path.decode("ascii"), (parsed.query or b"").decode("ascii")
    except (HttpParserInvalidURLError, UnicodeDecodeError, AttributeError):
        return None
    return url.decode(), unquote(path) if "%" in path else path, query
