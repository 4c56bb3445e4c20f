"""Range requests: RFC 9110 §14, §13.1.5, §15.3.7, §15.5.17."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.conformance.rows.row import Row
from tests.conformance.rows.want import (
    as_base,
    asks,
    every,
    field,
    kept,
    no_crash,
    part,
    status,
    status_not,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.rows.row import Force, Probe
    from tests.conformance.rows.want import Case, Want
    from tests.conformance.wire import Answer

BIN, CSS = "plain.bin", "site.css"
UNSATISFIABLE, NEVER_PARTIAL = status(416), status(200, 400, 416)
NOT_DIGITS = ("0_1-5", "+1-5", "0x1-5", "1.0-5", "1-2-3", "abc", "5")
PART = re.compile(rb"Content-Range: bytes (\d+)-(\d+)/(\d+)\r\n", re.IGNORECASE)


def unit_case(probe: Probe) -> Iterator[str]:
    usual, shouted = probe.ask(BIN, "Range: bytes=0-4"), probe.ask(BIN, "Range: Bytes=0-4")
    if (usual.status, usual.body) != (shouted.status, shouted.body):
        yield f"bytes=0-4 is {usual.status}, Bytes=0-4 is {shouted.status}"


def several(answer: Answer, case: Case) -> str | None:
    """Whole with 200, or multipart/byteranges whose parts are what they say."""
    if answer.status != 206:
        return whole(answer, case)
    if not (answer.get("Content-Type") or "").startswith("multipart/byteranges"):
        return f"206 with Content-Type: {answer.get('Content-Type')}"
    if answer.get("Content-Range"):
        return "Content-Range in the header section of a multipart answer"
    return parts(answer.body, case.probe.file(case.name))


def parts(body: bytes, data: bytes) -> str | None:
    spans = [(*map(int, match.groups()), match.end()) for match in PART.finditer(body)]
    if not spans:
        return "multipart without a Content-Range in its parts"
    for first, last, size, end in spans:
        content = body[body.index(b"\r\n\r\n", end - 2) + 4 :]
        if size != len(data) or not content.startswith(data[first : last + 1] + b"\r\n--"):
            return f"the part {first}-{last}/{size} is not those octets"
    return None


def one_of_two(answer: Answer, case: Case) -> str | None:
    single = answer.status == 206 and answer.get("Content-Range")
    return part(0, 1)(answer, case) if single else several(answer, case)


def of_its_coding(answer: Answer, case: Case) -> str | None:
    """A 206 is a piece of the very coding that it names; ignoring the range gives the whole of it."""
    full = case.probe.base(case.name, f"Accept-Encoding: {answer.coding}")
    if answer.status == 200:
        return None if answer.body == full.body else "200 with other octets than without Range"
    said = (answer.coding, answer.get("Content-Range"), answer.get("ETag"), answer.body)
    due = (full.coding, f"bytes 0-9/{len(full.body)}", full.get("ETag"), full.body[:10])
    return None if said == due else f"the 206 is {said}, its {answer.coding} representation gives {due}"


def head_whole(answer: Answer, case: Case) -> str | None:
    if answer.status != 200 or answer.get("Content-Range"):
        return f"HEAD with Range is {answer.status}, Content-Range: {answer.get('Content-Range')}"
    return None if answer.length in (None, len(case.probe.file(case.name))) else f"length {answer.length}"


# id, paragraph of RFC 9110, force, rule, name, request lines, wanted
TABLE: tuple[tuple[str, str, Force, str, str, tuple[str, ...], Want], ...] = (
    ("range-first-last", "14.2", "SHOULD", "bytes=0-4 is the first five octets.",
     BIN, ("Range: bytes=0-4",), part(0, 4)),
    ("range-first-octet", "14.1.2", "SHOULD", "bytes=0-0 is the first octet.",
     BIN, ("Range: bytes=0-0",), part(0, 0)),
    ("range-last-octet", "14.1.2", "SHOULD", "bytes=-1 is the last octet.",
     BIN, ("Range: bytes=-1",), part(9, 9)),
    ("range-from-last", "14.1.2", "SHOULD", "bytes=9- is the last octet.",
     BIN, ("Range: bytes=9-",), part(9, 9)),
    ("range-suffix", "14.1.2", "SHOULD", "bytes=-3 is the last three octets.",
     BIN, ("Range: bytes=-3",), part(7, 9)),
    ("range-suffix-long", "14.1.2", "SHOULD", "A suffix longer than the file is the entire file.",
     BIN, ("Range: bytes=-99",), part(0, 9)),
    ("range-suffix-zero", "14.1.2", "SHOULD", "A suffix of length zero is not satisfiable: 416.",
     BIN, ("Range: bytes=-0",), UNSATISFIABLE),
    ("range-clamped", "14.1.2", "SHOULD", "A last position beyond the end means the end.",
     BIN, ("Range: bytes=5-99",), part(5, 9)),
    ("range-one-octet-file", "14.2", "SHOULD", "bytes=0- of a file of one octet is that octet.",
     "one.bin", ("Range: bytes=0-",), part(0, 0)),
    ("range-beyond", "15.5.17", "SHOULD", "A first position at the end is not satisfiable: 416.",
     BIN, ("Range: bytes=10-",), UNSATISFIABLE),
    ("range-416-length", "15.5.17", "SHOULD", "A 416 says the length: Content-Range: bytes */10.",
     BIN, ("Range: bytes=10-",), field("Content-Range", "bytes */10")),
    ("range-huge-last", "14.1.2", "MUST", "Large numerals are anticipated: no overflow, the end is meant.",
     BIN, (f"Range: bytes=5-{'9' * 30}",), part(5, 9)),
    ("range-absurd-numeral", "14.1.2", "MUST", "A numeral of 4400 digits does not crash the server.",
     BIN, (f"Range: bytes=5-{'9' * 4400}",), no_crash),
    ("range-reversed", "14.1.1", "MUST", "bytes=5-2 is invalid: ignored or rejected, never a 206.",
     BIN, ("Range: bytes=5-2",), NEVER_PARTIAL),
    ("range-minus-minus", "14.1.1", "MUST", "bytes=--3 is invalid: ignored or rejected, never a 206.",
     BIN, ("Range: bytes=--3",), NEVER_PARTIAL),
    ("range-unknown-unit", "14.2", "MUST", "A Range in an unknown unit is ignored.",
     BIN, ("Range: items=0-4",), whole),
    ("range-several", "15.3.7.2", "MUST", "Several ranges: 200 whole, or right multipart/byteranges.",
     BIN, ("Range: bytes=0-1, 4-5",), several),
    ("range-one-satisfiable", "14.1.1", "MUST", "One satisfiable range makes the set satisfiable: no 416.",
     BIN, ("Range: bytes=0-1, 99-",), one_of_two),
    ("range-empty-file", "14.4", "MUST", "An empty file has no part: 200 or 416, never 206.",
     "empty.txt", ("Range: bytes=0-",), status(200, 416)),
    ("range-not-found", "14.2", "MUST", "A range is looked at only where a 200 would be sent.",
     "missing.css", ("Range: bytes=0-4",), status(404)),
    ("range-request-content-range", "14.4", "MUST", "Content-Range in a GET request is ignored.",
     BIN, ("Content-Range: bytes 0-4/10",), whole),
    ("206-fields", "15.3.7", "MUST", "A 206 carries ETag, Vary, Cache-Control, Content-Location as the 200 does.",
     CSS, ("Range: bytes=0-4",), as_base("ETag", "Vary", "Cache-Control", "Content-Location")),
    ("206-dates", "15.3.7", "MUST", "A 206 carries Date, and Expires if the 200 does.",
     CSS, ("Range: bytes=0-4",), kept("Date", "Expires")),
    ("206-metadata", "15.3.7", "MUST", "A 206 without If-Range repeats the representation's metadata.",
     CSS, ("Range: bytes=0-4",), as_base("Content-Type", "Last-Modified", "Content-Encoding")),
    ("range-coded", "14.2", "MUST", "A 206 of a coded file is consistent in octets, length, coding and ETag.",
     CSS, ("Accept-Encoding: gzip", "Range: bytes=0-9"), of_its_coding),
    ("if-range-match", "13.1.5", "SHOULD", "If-Range with the ETag: the range is sent.",
     BIN, ("If-Range: {etag}", "Range: bytes=0-4"), part(0, 4)),
    ("if-range-other", "13.1.5", "MUST", "If-Range with another tag: the Range is ignored.",
     BIN, ('If-Range: "x"', "Range: bytes=0-4"), whole),
    ("if-range-weak", "13.1.5", "MUST", "If-Range compares strongly: a weak tag never matches.",
     BIN, ("If-Range: {weak}", "Range: bytes=0-4"), whole),
    ("if-range-date", "13.1.5", "SHOULD", "If-Range with the Last-Modified date: the range is sent.",
     BIN, ("If-Range: {modified}", "Range: bytes=0-4"), part(0, 4)),
    ("if-range-date-earlier", "13.1.5", "MUST", "If-Range with an earlier date: the Range is ignored.",
     BIN, ("If-Range: {earlier}", "Range: bytes=0-4"), whole),
    ("if-range-date-later", "13.1.5", "MUST", "If-Range wants the exact date: a later one does not match.",
     BIN, ("If-Range: {later}", "Range: bytes=0-4"), whole),
    ("if-range-before-416", "13.1.5", "MUST", "A false If-Range ignores also a Range beyond the end: 200, not 416.",
     BIN, ('If-Range: "x"', "Range: bytes=10-"), whole),
    ("if-range-alone", "13.1.5", "MUST", "If-Range without Range is ignored.",
     BIN, ('If-Range: "x"',), whole),
    ("accept-ranges", "14.3", "ADVICE", "A server of ranges says so: Accept-Ranges: bytes.",
     BIN, (), field("Accept-Ranges", "bytes")),
)  # fmt: skip

ROWS = (
    *(
        Row(key, f"RFC 9110 §{paragraph}", force, rule, asks(name, *lines, want=(want,)))
        for key, paragraph, force, rule, name, lines, want in TABLE
    ),
    Row(
        "range-not-digits",
        "RFC 9110 §14.1.1",
        "MUST",
        "Positions are digits only; anything else is ignored or rejected, never a 206.",
        every(*(asks(BIN, f"Range: bytes={spec}", want=(status_not(206), no_crash)) for spec in NOT_DIGITS)),
    ),
    Row("range-unit-case", "RFC 9110 §14.1", "MUST", "Range unit names are case-insensitive.", unit_case),
    Row(
        "range-head",
        "RFC 9110 §14.2",
        "MUST",
        "Range is ignored on HEAD.",
        asks(BIN, "Range: bytes=0-4", method="HEAD", want=(head_whole,)),
    ),
)
