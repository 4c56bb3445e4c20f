"""Methods: RFC 9110 §9 and what other methods are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.rows.row import Row
from tests.conformance.rows.want import absent, asks, every, lists, nothing_after, status, status_not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Probe
    from tests.conformance.rows.want import Case
    from tests.conformance.wire import Answer

CSS = "site.css"
REFUSED = ("POST", "PUT", "DELETE", "PATCH")
# Fields of one connection or one moment, which two answers need not share.
MOMENTARY = frozenset({"date", "connection", "keep-alive", "transfer-encoding", "expires", "server", "age"})
CODINGS = ("identity", "gzip", "br", "zstd")


def same_fields(probe: Probe) -> Iterator[str]:
    head, get = probe.ask(CSS, method="HEAD"), probe.base(CSS)
    for name in dict.fromkeys(key.lower() for key, _ in get.fields):
        if name not in MOMENTARY and head.get(name) != get.get(name):
            yield f"HEAD has {name}: {head.get(name)}, GET has {get.get(name)}"


def same_length(probe: Probe) -> Iterator[str]:
    for coding in CODINGS:
        accept = f"Accept-Encoding: {coding}"
        head, get = probe.ask(CSS, accept, method="HEAD"), probe.base(CSS, accept)
        if head.length not in (None, len(get.body)):
            yield f"{coding}: HEAD says {head.length}, GET sends {len(get.body)}"


def allow(answer: Answer, case: Case) -> str | None:
    return lists("Allow", "GET", "HEAD")(answer, case) if answer.status == 405 else None


def granted_says_allow(answer: Answer, case: Case) -> str | None:
    return lists("Allow", "GET", "HEAD")(answer, case) if answer.status < 300 else None


def no_length_on_204(answer: Answer, case: Case) -> str | None:
    return absent("Content-Length")(answer, case) if answer.status == 204 else None


def explained(answer: Answer, _case: Case) -> str | None:
    return None if answer.body else f"{answer.status} without a word"


def refused_alike(*lines: str, method: str = "POST") -> Callable[[Probe], Iterator[str]]:
    """Preconditions do not change how a method is answered that static files refuse anyway."""

    def check(probe: Probe) -> Iterator[str]:
        plain, conditional = probe.ask(CSS, method=method), probe.ask(CSS, *lines, method=method)
        if conditional.status != plain.status:
            yield f"{method} is {plain.status}, with {lines[0]} it is {conditional.status}"

    return check


ROWS = (
    Row(
        "head-no-content",
        "RFC 9110 §9.3.2",
        "MUST",
        "HEAD is answered without content.",
        asks(CSS, method="HEAD", want=(status(200), nothing_after)),
    ),
    Row(
        "head-same-fields",
        "RFC 9110 §9.3.2",
        "SHOULD",
        "HEAD has the header fields that GET has.",
        same_fields,
    ),
    Row(
        "head-length",
        "RFC 9110 §8.6",
        "MUST",
        "Content-Length of HEAD, if sent, is the number of octets that GET would send, in every coding.",
        same_length,
    ),
    Row(
        "head-not-found",
        "RFC 9110 §9.3.2",
        "MUST",
        "HEAD of a name that does not exist is 404, as GET is, without content.",
        asks("missing.css", method="HEAD", want=(status(404), nothing_after)),
    ),
    Row(
        "post-refused",
        "RFC 9110 §9.1",
        "SHOULD",
        "A method that is not allowed on the resource is answered 405 (501 if not implemented).",
        asks(CSS, "Content-Length: 0", method="POST", want=(status(405, 501),)),
    ),
    Row(
        "405-has-allow",
        "RFC 9110 §15.5.6",
        "MUST",
        "A 405 carries Allow, and Allow names GET and HEAD.",
        every(*(asks(CSS, "Content-Length: 0", method=method, want=(allow,)) for method in REFUSED)),
    ),
    Row(
        "405-explained",
        "RFC 9110 §15.5",
        "SHOULD",
        "An error answer to a request other than HEAD explains itself in its content.",
        asks(CSS, "Content-Length: 0", method="POST", want=(explained,)),
    ),
    Row(
        "options-allow",
        "RFC 9110 §9.3.7",
        "SHOULD",
        "A successful answer to OPTIONS says what is allowed (Allow with GET and HEAD).",
        asks(CSS, method="OPTIONS", want=(status(200, 204, 405, 501), granted_says_allow)),
    ),
    Row(
        "options-204-no-length",
        "RFC 9110 §8.6",
        "MUST",
        "A 204 has no Content-Length and no content.",
        asks(CSS, method="OPTIONS", want=(no_length_on_204, nothing_after)),
    ),
    Row(
        "options-ignores-preconditions",
        "RFC 9110 §13.2.1",
        "MUST",
        "Preconditions are ignored for OPTIONS.",
        refused_alike('If-Match: "other"', method="OPTIONS"),
    ),
    Row(
        "post-ignores-preconditions",
        "RFC 9110 §13.2.1",
        "MUST",
        "Preconditions are ignored when the answer without them would not be 2xx or 412.",
        every(refused_alike('If-Match: "other"'), refused_alike("If-None-Match: *")),
    ),
    Row(
        "post-ignores-if-modified-since",
        "RFC 9110 §13.1.3",
        "MUST",
        "If-Modified-Since is ignored for methods other than GET and HEAD.",
        refused_alike("If-Modified-Since: {later}"),
    ),
    Row(
        "unknown-method",
        "RFC 9110 §9.1",
        "SHOULD",
        "An unrecognized method is refused (501; 405 or 400 pass), never treated as GET.",
        asks(CSS, method="BREW", want=(status(501, 405, 400),)),
    ),
    Row(
        "method-case",
        "RFC 9110 §9.1",
        "MUST",
        "The method is case-sensitive: `get` is not GET.",
        asks(CSS, method="get", want=(status_not(200, 206, 304),)),
    ),
)
