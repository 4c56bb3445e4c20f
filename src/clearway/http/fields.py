"""Which header fields each status carries: the table behind every answer, and behind the matrix in the docs."""

import re
from collections.abc import Iterable

Fields = tuple[tuple[str, str], ...]

STATUSES: dict[int, str] = {
    200: "OK",
    204: "No Content",
    206: "Partial Content",
    302: "Found",
    304: "Not Modified",
    404: "Not Found",
    405: "Method Not Allowed",
    412: "Precondition Failed",
    416: "Range Not Satisfiable",
}

_CONTENT = frozenset({200, 206})
_CURRENT = frozenset({200, 206, 304})
_ERRORS = frozenset({404, 405, 412, 416})
_ALL = frozenset(STATUSES)

# field: the statuses that carry it, in the order in which the fields are sent
CARRIED: dict[str, frozenset[int]] = {
    "Content-Type": _CONTENT | _ERRORS,  # RFC 9110 §8.3
    "Content-Encoding": _CONTENT,  # §8.4
    "Content-Length": _CONTENT | _ERRORS | {302},  # §8.6: never on 204, and on 304 it could only be wrong
    "Content-Range": frozenset({206, 416}),  # §14.4
    "ETag": _CURRENT,  # §8.8.3, §15.4.5
    "Last-Modified": _CONTENT,  # §15.4.5: a 304 that has an ETag needs no second validator
    "Cache-Control": _CURRENT | _ERRORS | {302},  # RFC 9111 §5.2; errors are never stored
    "Vary": _CURRENT,  # §12.5.5
    "Accept-Ranges": _CONTENT | {416},  # §14.3
    "Location": frozenset({302}),  # §10.2.2
    "Allow": frozenset({204, 405}),  # §10.2.1
    "X-Content-Type-Options": _ALL,  # Fetch standard
    "Access-Control-Allow-Origin": _ALL,  # Fetch standard
    "Access-Control-Allow-Methods": frozenset({204}),
    "Access-Control-Allow-Headers": frozenset({204}),
    "Access-Control-Max-Age": frozenset({204}),
}
_CARRIED = {name.lower(): statuses for name, statuses in CARRIED.items()}
_NOT_METADATA = (
    "content-location",
    "content-security-policy",
)  # §15.4.5 keeps the first; the second is no metadata


# they belong to the connection, which is the server's (§7.6.1, RFC 9112 §6.1)
OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # §5.6.2
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def sendable(fields: Iterable[tuple[str, str]]) -> Fields:
    """The fields that can be sent, with values that end where they should.

    A control character, which could begin another field, becomes a space (§5.5). A value beyond Latin-1 is sent in
    UTF-8. A name that is no token is left out, and so is a field of the connection.
    """
    return tuple((name, _value(value)) for name, value in fields if _is_sendable(name))


def _is_sendable(name: str) -> bool:
    return bool(_TOKEN.fullmatch(name)) and name.lower() not in OF_THE_CONNECTION


def _value(text: str) -> str:
    if not text.isascii() and max(text) > "\xff":
        text = text.encode("utf-8", "replace").decode("latin-1")
    return _CONTROL.sub(" ", text).strip(" \t")


def carries(status: int, name: str) -> bool:
    """Whether an answer with this status has the field; names outside the table are a project's own."""
    name = name.lower()
    if name in _CARRIED:
        return status in _CARRIED[name]
    if name.startswith("content-") and not name.startswith(_NOT_METADATA):
        return status in _CONTENT
    return status in _CURRENT


def for_status(status: int, fields: Iterable[tuple[str, str]]) -> Fields:
    """Those of `fields` that an answer with this status carries."""
    return tuple((name, value) for name, value in fields if carries(status, name))
