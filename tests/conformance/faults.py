"""One fault per row: the smallest thing to do wrong so that this row, and its rule, is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.conformance.honest import Reply, Request
from tests.conformance.site import ENCODERS, SECRET

Hear = Callable[[Request], Request]
Say = Callable[[Request, Reply], Reply]
Wire = Callable[[Request, bytes], bytes]
ANY = range(600)


@dataclass(frozen=True)
class Fault:
    """Where the honest server goes wrong; `deaf` leaves the content of requests unread."""

    hear: Hear = lambda request: request
    say: Say = lambda _request, reply: reply
    wire: Wire = lambda _request, octets: octets
    deaf: bool = False


def mishear(name: str, *values: str | None) -> Fault:
    """Takes these field lines for what was sent under that name; None is no line."""

    def hear(request: Request) -> Request:
        if request.get(name) is None:
            return request
        kept = tuple(pair for pair in request.fields if pair[0].lower() != name.lower())
        return replace(request, fields=(*kept, *((name, value) for value in values if value is not None)))

    return Fault(hear=hear)


def ignore(*names: str) -> Fault:
    gone = {name.lower() for name in names}
    return Fault(
        hear=lambda request: replace(request, fields=tuple(f for f in request.fields if f[0].lower() not in gone))
    )


def invent(name: str, value: str) -> Fault:
    return Fault(hear=lambda request: replace(request, fields=(*request.fields, (name, value))))


def take_method(method: str, for_method: str) -> Fault:
    return Fault(hear=lambda request: replace(request, method=method) if request.method == for_method else request)


def tell(name: str, value: str | None, *statuses: int, method: str = "") -> Fault:
    """Says this in a field, or leaves it out, in answers of these statuses (of any, if none is named)."""

    def say(request: Request, reply: Reply) -> Reply:
        concerned = reply.status in (statuses or ANY) and method in ("", request.method)
        return reply.with_field(name, value) if concerned else reply

    return Fault(say=say)


def reply_with(due: int, status: int, body: bytes | None = None) -> Fault:
    """Sends another status where one is due."""

    def say(_request: Request, reply: Reply) -> Reply:
        changed = replace(reply, status=status, body=reply.body if body is None else body)
        return changed if reply.status == due else reply

    return Fault(say=say)


def refuse_if(name: str, status: int) -> Fault:
    """Sends this status whenever the request has that field."""
    return Fault(say=lambda request, reply: replace(reply, status=status) if request.get(name) else reply)


def append(octets: bytes, status: int, method: str = "") -> Fault:
    """Lets octets follow the end of the message."""
    mark = f"HTTP/1.1 {status} ".encode()
    return Fault(
        wire=lambda request, raw: raw + octets if raw.startswith(mark) and method in ("", request.method) else raw
    )


def rewrite_target(old: str, new: str) -> Fault:
    return Fault(hear=lambda request: replace(request, target=request.target.replace(old, new)))


def partial(first: int, last: int) -> Fault:
    return mishear("Range", f"bytes={first}-{last}")


def mislabel(coding: str) -> Fault:
    """Says the coding, sends the other octets."""

    def say(_request: Request, reply: Reply) -> Reply:
        return replace(reply, body=reply.body[:-9]) if reply.get("Content-Encoding") == coding else reply

    return Fault(say=say)


def always_code(_request: Request, reply: Reply) -> Reply:
    """Compresses what is not to be compressed, and says so."""
    if reply.status != 200 or reply.get("Content-Encoding"):
        return reply
    return replace(reply, body=ENCODERS[".gz"](reply.body)).with_field("Content-Encoding", "gzip")


def same_tag(_request: Request, reply: Reply) -> Reply:
    return reply.with_field("ETag", '"one-for-all"') if reply.get("ETag") else reply


def leak(request: Request, reply: Reply) -> Reply:
    return Reply(200, (), SECRET) if "secret.txt" in request.target else reply


def another_file(request: Request, reply: Reply) -> Reply:
    return Reply(200, (), TEN) if ".." in request.target else reply


def first_line_only(name: str) -> Fault:
    def hear(request: Request) -> Request:
        lines = [pair for pair in request.fields if pair[0] == name]
        return replace(request, fields=tuple(f for f in request.fields if f[0] != name or f == lines[0]))

    return Fault(hear=hear)


def mixed_part(_request: Request, reply: Reply) -> Reply:
    """A 206 that says gzip and sends other octets."""
    return replace(reply, body=b"x" * len(reply.body)) if reply.status == 206 else reply


def wrong_multipart(request: Request, reply: Reply) -> Reply:
    if "," not in (request.get("Range") or ""):
        return reply
    body = b"--x\r\nContent-Range: bytes 0-1/10\r\n\r\n99\r\n--x--\r\n"
    return replace(reply, status=206, body=body).with_field("Content-Type", "multipart/byteranges; boundary=x")


def any_case(request: Request) -> Request:
    return replace(request, method=request.method.upper())


def only_if_listed(request: Request) -> Request:
    """Understands a coding only if the field names it alone, in lower case."""
    value = request.get("Accept-Encoding") or ""
    plain = "identity" if value not in ("gzip", "foo, gzip", "gzip;q=1.0,foo") else value
    kept = tuple(pair for pair in request.fields if pair[0] != "Accept-Encoding")
    return replace(request, fields=(*kept, ("Accept-Encoding", plain)))


def chunk_and_measure(_request: Request, raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    return head + b"\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def only_chunk(_request: Request, raw: bytes) -> bytes:
    return chunk_and_measure(_request, raw.replace(b"Content-Length:", b"X-Length:"))


def other_file(request: Request) -> Request:
    return replace(request, target=request.target.replace("plain.bin", "one.bin"))


NOT_MODIFIED_ALWAYS = mishear("If-None-Match", "*")
SINCE_ALWAYS = mishear("If-Modified-Since", "Fri, 01 Jan 2038 00:00:00 GMT")
UNMODIFIED_NEVER = mishear("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")
PIECE = partial(0, 4)
CODED_ALWAYS = Fault(say=always_code)
UNLISTED = Fault(hear=only_if_listed)
TEN = b"0123456789"

CONDITIONS = {
    **dict.fromkeys(
        ("inm-match", "inm-weak", "inm-list", "inm-list-tight", "inm-empty-members", "inm-comma-in-tag", "inm-star",
         "inm-over-ims-fresh", "im-then-inm", "inm-head", "range-after-inm"),
        ignore("If-None-Match"),
    ),
    "im-two-lines": first_line_only("If-Match"),
    "inm-two-lines": first_line_only("If-None-Match"),
    **dict.fromkeys(("inm-star-quoted", "inm-other", "inm-prefix", "inm-malformed"), NOT_MODIFIED_ALWAYS),
    "inm-over-ims-stale": ignore("If-None-Match"),
    **dict.fromkeys(("ims-equal", "ims-later", "ims-rfc850", "ims-asctime"), ignore("If-Modified-Since")),
    **dict.fromkeys(
        ("ims-earlier", "ims-rfc850-century", "ims-invalid", "ims-two-members", "ims-zone"), SINCE_ALWAYS
    ),
    **dict.fromkeys(("im-match", "im-list", "im-star"), mishear("If-Match", '"none"')),
    **dict.fromkeys(("im-other", "im-weak"), mishear("If-Match", "*")),
    **dict.fromkeys(("im-before-inm", "range-after-im"), ignore("If-Match")),
    **dict.fromkeys(("ius-equal", "ius-invalid", "ius-two-members"), UNMODIFIED_NEVER),
    **dict.fromkeys(("ius-earlier", "ius-before-inm"), ignore("If-Unmodified-Since")),
    "im-over-ius": ignore("If-Match"),
    "404-ignores-preconditions": refuse_if("If-Match", 412),
    "304-fields": tell("ETag", None, 304),
    "304-dates": tell("Date", "-", 304),
    "304-no-content": append(TEN, 304),
    "304-length": tell("Content-Length", "7", 304),
    "304-metadata": tell("Content-Type", "text/css", 304),
}  # fmt: skip

RANGES = {
    **dict.fromkeys(
        ("range-first-last", "range-first-octet", "range-last-octet", "range-from-last", "range-suffix",
         "range-suffix-long", "range-suffix-zero", "range-clamped", "range-one-octet-file", "range-beyond",
         "range-416-length", "range-huge-last", "if-range-match", "if-range-date"),
        ignore("Range"),
    ),
    **dict.fromkeys(
        ("range-reversed", "range-minus-minus", "range-unknown-unit", "range-not-digits"), PIECE
    ),
    "range-several": Fault(say=wrong_multipart),
    "range-one-satisfiable": reply_with(200, 416),
    "range-absurd-numeral": refuse_if("Range", 500),
    "range-empty-file": refuse_if("Range", 206),
    "range-not-found": refuse_if("Range", 416),
    "range-request-content-range": refuse_if("Content-Range", 206),
    "206-fields": tell("ETag", None, 206),
    "206-dates": tell("Date", "-", 206),
    "206-metadata": tell("Last-Modified", None, 206),
    "range-coded": Fault(say=mixed_part),
    **dict.fromkeys(
        ("if-range-other", "if-range-weak", "if-range-date-earlier", "if-range-date-later", "if-range-before-416"),
        ignore("If-Range"),
    ),
    "if-range-alone": refuse_if("If-Range", 412),
    "accept-ranges": tell("Accept-Ranges", None),
    "range-unit-case": Fault(hear=lambda request: replace(
        request, fields=tuple(pair for pair in request.fields if not pair[1].startswith("Bytes")))),
    "range-head": Fault(say=lambda request, reply: replace(reply, status=206) if request.get("Range") else reply),
}  # fmt: skip

CODING = {
    **dict.fromkeys(
        ("ae-empty", "ae-unknown", "ae-q0", "ae-q0-decimals", "ae-q0-spaces", "ae-q0-capital", "ae-q0-all",
         "ae-q0-one", "ae-star-q0", "ae-substring", "ae-identity", "ae-star-but"),
        CODED_ALWAYS,
    ),
    "ae-star-q0-but": mishear("Accept-Encoding", "br"),
    "ae-identity-q0": ignore("Accept-Encoding"),
    "ae-label-gzip": mislabel("gzip"),
    "ae-label-br": mislabel("br"),
    "ae-label-zstd": mislabel("zstd"),
    "ae-many": mislabel("br"),
    "ae-malformed": refuse_if("Accept-Encoding", 500),
    "coded-length": append(TEN, 200),
    "coded-type": Fault(say=lambda _request, reply: reply.with_field("Content-Type", "application/gzip")
                        if reply.get("Content-Encoding") else reply),
    "ae-absent": Fault(say=lambda request, reply: replace(reply, body=ENCODERS[".gz"](reply.body))
                       if request.get("Accept-Encoding") is None else reply),
    **dict.fromkeys(
        ("ae-case", "ae-x-gzip", "ae-three-decimals", "ae-spaces", "ae-empty-members"), UNLISTED
    ),
    "ae-two-lines": first_line_only("Accept-Encoding"),
    "coding-not-identity": tell("Content-Encoding", "identity", 200),
    "vary-coded": Fault(say=lambda _request, reply: reply.with_field("Vary", None)
                        if reply.get("Content-Encoding") else reply),
    "vary-identity": Fault(say=lambda _request, reply: reply if reply.get("Content-Encoding")
                           else reply.with_field("Vary", None)),
    "vary-304": tell("Vary", None, 304),
    "vary-206": tell("Vary", None, 206),
    "identity-length": append(TEN, 200),
}  # fmt: skip

FAULTS: dict[str, Fault] = {
    "head-no-content": append(TEN, 200, "HEAD"),
    "head-same-fields": tell("ETag", None, method="HEAD"),
    "head-length": tell("Content-Length", "0", method="HEAD"),
    "head-not-found": Fault(say=lambda request, reply: replace(reply, status=200)
                            if request.method == "HEAD" else reply),
    "post-refused": take_method("GET", "POST"),
    "405-has-allow": tell("Allow", None, 405),
    "405-explained": reply_with(405, 405, b""),
    "options-allow": tell("Allow", None, 204),
    "options-204-no-length": tell("Content-Length", "0", 204),
    "options-ignores-preconditions": refuse_if("If-Match", 412),
    "post-ignores-preconditions": refuse_if("If-Match", 412),
    "post-ignores-if-modified-since": refuse_if("If-Modified-Since", 304),
    "unknown-method": take_method("GET", "BREW"),
    "method-case": Fault(hear=any_case),
    "etag-present": tell("ETag", None),
    "etag-syntax": tell("ETag", "unquoted"),
    "etag-per-coding": Fault(say=same_tag),
    "last-modified-present": tell("Last-Modified", None),
    "last-modified-form": tell("Last-Modified", "2026-01-02T03:04:05Z"),
    "last-modified-past": tell("Last-Modified", "Thu, 01 Jan 2088 00:00:00 GMT"),
    "date-form": tell("Date", "2026-01-02T03:04:05Z"),
    "date-always": tell("Date", "-", 404),
    **CONDITIONS,
    **RANGES,
    **CODING,
    **{f"type-{kind}": tell("Content-Type", "text/html") for kind in ("mjs", "svg", "json", "woff2", "wasm", "css")},
    "type-always": tell("Content-Type", None),
    "archive-not-decoded": tell("Content-Encoding", "gzip"),
    "length-present": Fault(wire=only_chunk),
    "empty-file": Fault(say=lambda _request, reply: reply if reply.body else replace(reply, status=204)),
    "freshness-explicit": tell("Cache-Control", "public"),
    "max-age-once": tell("Cache-Control", "max-age=60, max-age=0"),
    "immutable-hashed": tell("Cache-Control", "max-age=60"),
    "immutable-only-hashed": tell("Cache-Control", "max-age=60, immutable"),
    "404-not-reused": tell("Cache-Control", None, 404),
    "path-unreserved": rewrite_target("%73", "%2573"),
    "path-percent-case": rewrite_target("%2e", "%252e"),
    "path-decoded-once": rewrite_target("%25", "%"),
    "path-case": rewrite_target("SITE.CSS", "site.css"),
    "path-nul": rewrite_target("%00.png", ""),
    "path-query": rewrite_target("?v=2", "%3Fv=2"),
    "path-dot-segments": Fault(say=another_file),
    "path-confined": Fault(say=leak),
    "target-absolute": Fault(say=lambda request, reply: replace(reply, status=404)
                             if "://" in request.target else reply),
    "alive-after-200": append(TEN, 200),
    "alive-after-head": append(TEN, 200, "HEAD"),
    "alive-after-304": append(TEN, 304),
    "alive-after-206": append(TEN, 206),
    "alive-after-416": append(TEN, 416),
    "alive-after-412": append(TEN, 412),
    "alive-after-404": append(TEN, 404),
    "alive-after-405": append(TEN, 405),
    "alive-after-options": append(TEN, 204),
    "alive-after-empty": append(TEN, 200),
    **dict.fromkeys(
        ("content-on-get", "content-on-get-chunked", "content-on-post", "content-on-304"), Fault(deaf=True)
    ),
    "pipelined": Fault(hear=other_file),
    "close-honoured": ignore("Connection"),
    "close-said": tell("Connection", "-"),
    "http10": Fault(wire=chunk_and_measure),
    "http10-closes": invent("Connection", "keep-alive"),
    "framing-once": Fault(wire=chunk_and_measure),
}  # fmt: skip
