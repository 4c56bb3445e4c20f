"""Conditional requests: RFC 9110 §13, and the 304 of §15.4.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.rows.row import Row
from tests.conformance.rows.want import absent, as_base, asks, every, kept, nothing_after, status, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Force, Probe
    from tests.conformance.rows.want import Case, Want
    from tests.conformance.wire import Answer

CSS = "site.css"
FRESH, FAILED = status(304), status(412)
GZIP = "Accept-Encoding: gzip"


def length_of_200(answer: Answer, case: Case) -> str | None:
    said, due = answer.get("Content-Length"), len(case.base().body)
    return None if said in (None, str(due)) else f"304 with Content-Length: {said}, the 200 has {due} octets"


def not_modified(*wants: Want) -> Callable[[Probe], Iterator[str]]:
    """Both roads to a 304, on the file and on its gzip variant."""
    lines = ("If-None-Match: {etag}", "If-Modified-Since: {modified}")
    codings = ("Accept-Encoding: identity", GZIP)
    return every(*(asks(CSS, line, coding, want=(FRESH, *wants)) for line in lines for coding in codings))


# id, paragraph of RFC 9110, force, rule, request lines, wanted
TABLE: tuple[tuple[str, str, Force, str, tuple[str, ...], Want], ...] = (
    ("inm-match", "13.1.2", "MUST", "If-None-Match with the ETag: 304.", ("If-None-Match: {etag}",), FRESH),
    ("inm-weak", "13.1.2", "MUST", "If-None-Match compares weakly: W/ makes no difference.",
     ("If-None-Match: {weak}",), FRESH),
    ("inm-list", "13.1.2", "MUST", "If-None-Match is a list; one member that matches suffices.",
     ('If-None-Match: "x", {etag}, "y"',), FRESH),
    ("inm-list-tight", "5.6.1", "MUST", "White space around list members is optional.",
     ('If-None-Match: "x",{etag}\t,"y"',), FRESH),
    ("inm-empty-members", "5.6.1.2", "MUST", "Empty list members are ignored.",
     ("If-None-Match: , {etag} ,,",), FRESH),
    ("inm-comma-in-tag", "8.8.3", "MUST", "A comma inside a quoted tag does not end it.",
     ('If-None-Match: "a,b", {etag}',), FRESH),
    ("inm-two-lines", "5.3", "MUST", "Several field lines are one list.",
     ('If-None-Match: "x"', "If-None-Match: {etag}"), FRESH),
    ("inm-star", "13.1.2", "MUST", "If-None-Match: * is false for a file that exists: 304.",
     ("If-None-Match: *",), FRESH),
    ("inm-star-quoted", "13.1.2", "MUST", 'The tag "*" is not the wildcard.', ('If-None-Match: "*"',), whole),
    ("inm-other", "13.1.2", "MUST", "If-None-Match with other tags only: 200.",
     ('If-None-Match: "x", "y"',), whole),
    ("inm-prefix", "8.8.3.2", "MUST", "Tags match character by character, not by their beginning.",
     ('If-None-Match: "{shortened}", "{opaque}0"',), whole),
    ("inm-malformed", "13.1.2", "MUST", "A malformed list without the ETag is no match (200, or 400).",
     ('If-None-Match: "x, W/, y"z',), status(200, 400)),
    ("inm-over-ims-fresh", "13.1.3", "MUST", "If-Modified-Since is ignored beside If-None-Match: 304.",
     ("If-None-Match: {etag}", "If-Modified-Since: {earlier}"), FRESH),
    ("inm-over-ims-stale", "13.1.3", "MUST", "If-Modified-Since is ignored beside If-None-Match: 200.",
     ('If-None-Match: "x"', "If-Modified-Since: {later}"), whole),
    ("ims-equal", "13.1.3", "SHOULD", "If-Modified-Since with the Last-Modified date: 304.",
     ("If-Modified-Since: {modified}",), FRESH),
    ("ims-later", "13.1.3", "SHOULD", "If-Modified-Since later than Last-Modified: 304.",
     ("If-Modified-Since: {later}",), FRESH),
    ("ims-earlier", "13.1.3", "SHOULD", "If-Modified-Since earlier than Last-Modified: 200.",
     ("If-Modified-Since: {earlier}",), whole),
    ("ims-rfc850", "5.6.7", "MUST", "The RFC 850 form of a date is understood.",
     ("If-Modified-Since: {rfc850}",), FRESH),
    ("ims-asctime", "5.6.7", "MUST", "The asctime form of a date is understood.",
     ("If-Modified-Since: {asctime}",), FRESH),
    ("ims-rfc850-century", "5.6.7", "MUST", "A two-digit year over 50 years ahead is in the past: 94 is 1994.",
     ("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT",), whole),
    ("ims-invalid", "13.1.3", "MUST", "If-Modified-Since that is no date is ignored.",
     ("If-Modified-Since: tomorrow",), whole),
    ("ims-two-members", "13.1.3", "MUST", "If-Modified-Since with more than one member is ignored.",
     ("If-Modified-Since: {later}, {later}",), whole),
    ("ims-zone", "13.1.3", "MUST", "A zone other than GMT is no HTTP-date; dropping it would misread the instant.",
     ("If-Modified-Since: {east}",), whole),
    ("im-match", "13.1.1", "MUST", "If-Match with the ETag: 200.", ("If-Match: {etag}",), whole),
    ("im-list", "13.1.1", "MUST", "If-Match is a list; one member that matches suffices.",
     ('If-Match: "a,b", {etag}',), whole),
    ("im-two-lines", "5.3", "MUST", "Several field lines of If-Match are one list.",
     ('If-Match: "x"', "If-Match: {etag}"), whole),
    ("im-star", "13.1.1", "MUST", "If-Match: * is true for a file that exists.", ("If-Match: *",), whole),
    ("im-other", "13.2.2", "MUST", "If-Match with other tags only: 412.", ('If-Match: "x", "y"',), FAILED),
    ("im-weak", "13.1.1", "MUST", "If-Match compares strongly: a weak tag never matches.",
     ("If-Match: {weak}",), FAILED),
    ("ius-equal", "13.1.4", "MUST", "If-Unmodified-Since with the Last-Modified date: 200.",
     ("If-Unmodified-Since: {modified}",), whole),
    ("ius-earlier", "13.2.2", "MUST", "If-Unmodified-Since earlier than Last-Modified: 412.",
     ("If-Unmodified-Since: {earlier}",), FAILED),
    ("ius-invalid", "13.1.4", "MUST", "If-Unmodified-Since that is no date is ignored.",
     ("If-Unmodified-Since: yesterday",), whole),
    ("ius-two-members", "13.1.4", "MUST", "If-Unmodified-Since that is a list of dates is ignored.",
     ("If-Unmodified-Since: {earlier}, {earlier}",), whole),
    ("im-over-ius", "13.1.4", "MUST", "If-Unmodified-Since is ignored beside If-Match.",
     ("If-Match: {etag}", "If-Unmodified-Since: {earlier}"), whole),
    ("im-before-inm", "13.2.2", "MUST", "If-Match is evaluated before If-None-Match: 412, not 304.",
     ('If-Match: "x"', "If-None-Match: {etag}"), FAILED),
    ("im-then-inm", "13.2.2", "MUST", "After a true If-Match, If-None-Match is evaluated: 304.",
     ("If-Match: {etag}", "If-None-Match: {etag}"), FRESH),
    ("ius-before-inm", "13.2.2", "MUST", "If-Unmodified-Since is evaluated before If-None-Match: 412.",
     ("If-Unmodified-Since: {earlier}", "If-None-Match: {etag}"), FAILED),
    ("range-after-inm", "13.2.2", "MUST", "A range is looked at after the preconditions: 304, not 206.",
     ("If-None-Match: {etag}", "Range: bytes=0-4"), FRESH),
    ("range-after-im", "13.2.2", "MUST", "A range is looked at after the preconditions: 412, not 206.",
     ('If-Match: "x"', "Range: bytes=0-4"), FAILED),
)  # fmt: skip

ROWS = (
    *(
        Row(key, f"RFC 9110 §{paragraph}", force, rule, asks(CSS, *lines, want=(want,)))
        for key, paragraph, force, rule, lines, want in TABLE
    ),
    Row(
        "inm-head",
        "RFC 9110 §13.1.2",
        "MUST",
        "If-None-Match holds for HEAD as for GET.",
        asks(CSS, "If-None-Match: {etag}", method="HEAD", want=(FRESH,)),
    ),
    Row(
        "404-ignores-preconditions",
        "RFC 9110 §13.2.1",
        "MUST",
        "Preconditions on a name that does not exist leave it 404.",
        every(
            asks("missing.css", "If-None-Match: *", want=(status(404),)),
            asks("missing.css", 'If-Match: "x"', want=(status(404),)),
        ),
    ),
    Row(
        "304-fields",
        "RFC 9110 §15.4.5",
        "MUST",
        "A 304 carries ETag, Vary, Cache-Control and Content-Location as the 200 does.",
        not_modified(as_base("ETag", "Vary", "Cache-Control", "Content-Location")),
    ),
    Row(
        "304-dates",
        "RFC 9110 §15.4.5",
        "MUST",
        "A 304 carries Date, and Expires if the 200 does.",
        not_modified(kept("Date", "Expires")),
    ),
    Row("304-no-content", "RFC 9110 §15.4.5", "MUST", "A 304 has no content.", not_modified(nothing_after)),
    Row(
        "304-length",
        "RFC 9110 §8.6",
        "MUST",
        "Content-Length of a 304, if sent, is that of the 200.",
        not_modified(length_of_200),
    ),
    Row(
        "304-metadata",
        "RFC 9110 §15.4.5",
        "SHOULD",
        "A 304 does not describe content that it does not carry.",
        not_modified(absent("Content-Type", "Content-Encoding", "Content-Range")),
    ),
)
