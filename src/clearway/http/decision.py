"""The decision: method, header fields, entry → status, header fields, which octets. Everything else is transport.

1. an unknown method is refused, OPTIONS is told what is allowed
2. the Range is taken up, when it is one range and If-Range holds       (RFC 9110 §14.2, §13.1.5)
3. a representation is selected: identity for a range, else the smallest acceptable one  (§12.5.3)
4. the preconditions are evaluated against it, in the order of the table below  (§13.2.2)
5. 206, 416 or 200
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from .fields import STATUSES, Fields, for_status
from .negotiation import IDENTITY, acceptable
from .ranges import ByteRange, parse_range, unsatisfied_range
from .resource import Answer, Entry, Missing, Redirect, Representation, Resource
from .validators import if_range_holds, lists_tag, modified_since, unmodified_since

METHODS = ("GET", "HEAD", "OPTIONS")
ALLOW = ", ".join(METHODS)

Condition = Callable[[str, Representation, int | None], bool | None]

# field, the field beside which it is ignored, whether it holds (None: ignored), the status when it does not
PRECONDITIONS: tuple[tuple[str, str | None, Condition, int], ...] = (
    ("if-match", None, lambda value, chosen, _: lists_tag(value, chosen.tag, weakly=False), 412),
    ("if-unmodified-since", "if-match", lambda value, _, modified: unmodified_since(value, modified), 412),
    ("if-none-match", None, lambda value, chosen, _: not lists_tag(value, chosen.tag, weakly=True), 304),
    ("if-modified-since", "if-none-match", lambda value, _, modified: modified_since(value, modified), 304),
)
# the request's header fields that an answer may depend on, lower-case
_ASKS = "access-control-request-method"  # in a preflight request, and in no other
READ = ("accept-encoding", *(field for field, *_ in PRECONDITIONS), "range", "if-range", _ASKS)
_CONDITIONAL = frozenset(READ) - {"accept-encoding", "if-range", _ASKS}

_PREFLIGHT: Fields = (  # Fetch standard §4.8; sent only where every origin may read the answer
    ("Access-Control-Allow-Methods", ALLOW),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Max-Age", "86400"),
)


def decide(method: str, fields: Mapping[str, str], entry: Entry, query: str = "") -> Answer:
    """Answer a request for an entry of the catalog.

    `fields` holds those of `READ` that the request has, repeated ones joined by commas (§5.3); `query` is kept
    by redirects.
    """
    if method == "GET" and type(entry) is Resource:
        return _get(fields, entry)
    if method == "HEAD":
        return _head(fields, entry, query).without_content
    if isinstance(entry, Missing):
        return _missing(entry)
    if method == "GET" and isinstance(entry, Redirect):
        return _redirected(entry, query)
    return _other_method(method, _ASKS in fields, entry.shared)


def _get(fields: Mapping[str, str], entry: Resource) -> Answer:
    if _CONDITIONAL.isdisjoint(fields):
        return entry.negotiate(fields.get("accept-encoding", "")).whole
    wanted = _range(fields, entry)
    chosen = entry.identity if wanted else entry.negotiate(fields.get("accept-encoding", ""))
    failed = _failed_precondition(fields, chosen, entry)
    if failed:
        return failed
    return _part(wanted, entry) if wanted else chosen.whole


def _head(fields: Mapping[str, str], entry: Entry, query: str) -> Answer:
    """As GET, but Range is not defined for HEAD (§14.2)."""
    if not isinstance(entry, Resource):
        return decide("GET", fields, entry, query)
    chosen = entry.negotiate(fields.get("accept-encoding", ""))
    return _failed_precondition(fields, chosen, entry) or chosen.whole


def _range(fields: Mapping[str, str], entry: Resource) -> ByteRange | None:
    """The range to answer, if any: always of identity, so not for a client that refuses it."""
    wanted = parse_range(fields.get("range", ""))
    if wanted is None or _refuses_identity(fields.get("accept-encoding", ""), entry):
        return None
    if "if-range" in fields and not if_range_holds(fields["if-range"], entry.identity.tag, entry.modified):
        return None
    return wanted


def _refuses_identity(accept_encoding: str, entry: Resource) -> bool:
    return entry.negotiate(accept_encoding) is not entry.identity and IDENTITY not in acceptable(accept_encoding)


def _failed_precondition(fields: Mapping[str, str], chosen: Representation, entry: Resource) -> Answer | None:
    for name, unless, holds, status in PRECONDITIONS:
        if name in fields and unless not in fields and holds(fields[name], chosen, entry.modified) is False:
            return chosen.unmodified if status == 304 else problem(status, entry.shared)
    return None


def _part(wanted: ByteRange, entry: Resource) -> Answer:
    length = entry.identity.file.size
    span = wanted.within(length)
    if span is None:
        extra = (("Content-Range", unsatisfied_range(length)), ("Accept-Ranges", "bytes"))
        return problem(416, (*extra, *entry.shared))
    return entry.identity.part(*span)


def _other_method(method: str, is_preflight: bool, shared: Fields) -> Answer:
    if method != "OPTIONS":
        return problem(405, (("Allow", ALLOW), *shared))
    for_all = any(name == "Access-Control-Allow-Origin" for name, _ in shared)
    preflight = _PREFLIGHT if is_preflight and for_all else ()
    return Answer(204, for_status(204, (("Allow", ALLOW), *shared, *preflight)))


def _redirected(entry: Redirect, query: str) -> Answer:
    kept = f"?{query}" if query and query.isascii() and query.isprintable() else ""
    return Answer(302, for_status(302, (("Location", entry.location + kept), ("Content-Length", "0"), *entry.shared)))


@lru_cache(16)
def _missing(entry: Missing) -> Answer:
    return problem(404, entry.shared)


def problem(status: int, fields: Fields = ()) -> Answer:
    """An error in one line of text that no cache may keep."""
    content = f"{STATUSES[status]}\n".encode()
    own = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(content)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    others = (item for item in fields if item[0] not in own)
    return Answer(status, for_status(status, (*own.items(), *others)), content=content)
