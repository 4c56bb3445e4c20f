"""Content coding and its negotiation: RFC 9110 §8.4, §12.5.3, §12.5.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.rows.row import Row
from tests.conformance.rows.want import (
    asks,
    coded,
    every,
    lists,
    no_crash,
    not_coded,
    nothing_after,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Force, Probe
    from tests.conformance.rows.want import Case, Want
    from tests.conformance.wire import Answer

CSS = "site.css"
GZIP = "Accept-Encoding: gzip"
SUBSTRINGS = ("not-gzip-really", "xgzip", "gzipper", "gzip-br-zstd", "deflate-br")
UNCODED = coded("identity")
NOT_ACCEPTABLE = 406


def decodes(answer: Answer, case: Case) -> str | None:
    """What Content-Encoding names is what was done to the octets of the file."""
    if answer.coding not in case.probe.place.decoders:
        return f"Content-Encoding: {answer.coding}"
    try:
        plain = case.probe.place.decoders[answer.coding](answer.body)
    except Exception as error:  # every library has an error of its own for octets that are not of its coding
        return f"not {answer.coding}: {error}"
    return None if plain == case.probe.file(case.name) else f"{answer.coding} of other octets than the file"


def exact_length(answer: Answer, _case: Case) -> str | None:
    right = answer.length in (None, len(answer.body)) and not answer.rest
    return None if right else f"Content-Length: {answer.length}, {len(answer.body + answer.rest)} octets came"


def same_as(reference: str, *lines: str) -> Callable[[Probe], Iterator[str]]:
    """These lines mean what the reference line means, so they select the same variant."""

    def check(probe: Probe) -> Iterator[str]:
        due, got = probe.ask(CSS, reference), probe.ask(CSS, *lines)
        if (got.status, got.coding, got.body) != (due.status, due.coding, due.body):
            yield f"{got.status} {got.coding}, but {due.status} {due.coding} for {reference}"

    return check


def unasked(probe: Probe) -> Iterator[str]:
    """Any coding is acceptable then; what is sent must be labelled."""
    with probe.line() as line:
        start = f"GET {probe.path(CSS)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        line.send(start.encode())
        answer = line.receive("GET")
    if answer.status != 200:
        yield f"{answer.status} instead of 200"
    elif answer.coding == "identity" and answer.body != probe.file(CSS):
        yield "no Content-Encoding, but not the octets of the file"


def accept(value: str, want: Want) -> Callable[[Probe], Iterator[str]]:
    return asks(CSS, f"Accept-Encoding: {value}", want=(status(200, NOT_ACCEPTABLE), want))


def vary_on(coding: str) -> Callable[[Probe], Iterator[str]]:
    """Vary is owed by a resource whose answer is coded when that is asked for."""

    def check(probe: Probe) -> Iterator[str]:
        varies = probe.base(CSS, GZIP).coding != "identity"
        answer = probe.base(CSS, f"Accept-Encoding: {coding}")
        if varies and not {"accept-encoding", "*"} & set(answer.members("Vary")):
            yield f"Vary: {answer.get('Vary')}"

    return check


def as_type(answer: Answer, case: Case) -> str | None:
    plain, got = case.probe.base(case.name), answer.get("Content-Type")
    return None if got == plain.get("Content-Type") else f"{answer.coding} is {got}"


# id, paragraph of RFC 9110, force, rule, Accept-Encoding, wanted
TABLE: tuple[tuple[str, str, Force, str, str, Want], ...] = (
    ("ae-empty", "12.5.3", "MUST", "An empty Accept-Encoding wants no content coding.", "", UNCODED),
    ("ae-identity", "12.5.3", "SHOULD", "With identity alone listed, no coding is applied.", "identity", UNCODED),
    ("ae-unknown", "12.5.3", "SHOULD", "With unknown codings alone listed, no coding is applied.",
     "foo, bar;q=0.5", UNCODED),
    ("ae-q0", "12.4.2", "MUST", "A weight of 0 means not acceptable.", "gzip;q=0", UNCODED),
    ("ae-q0-decimals", "12.4.2", "MUST", "0.000 is 0.", "gzip;q=0.000", UNCODED),
    ("ae-q0-spaces", "12.4.2", "MUST", "White space around `;` is optional.", "gzip ;\tq=0", UNCODED),
    ("ae-q0-capital", "12.4.2", "MUST", "`q` is case-insensitive, as all literals in ABNF are.", "gzip;Q=0", UNCODED),
    ("ae-q0-all", "12.5.3", "MUST", "With every coding refused, none is applied.",
     "br;q=0, gzip;q=0, zstd;q=0", UNCODED),
    ("ae-q0-one", "12.5.3", "MUST", "The refused coding is not used though another is accepted.",
     "gzip;q=0, deflate", UNCODED),
    ("ae-star-q0", "12.5.3", "MUST", "`*;q=0` refuses every coding not listed.", "*;q=0", UNCODED),
    ("ae-star-q0-but", "12.5.3", "MUST", "`*;q=0` refuses br and zstd beside a listed gzip.",
     "gzip, *;q=0", coded("gzip", "identity")),
    ("ae-star-but", "12.5.3", "MUST", "`*` does not cover a coding that is listed with q=0.",
     "gzip;q=0, *", not_coded("gzip", "x-gzip")),
    ("ae-identity-q0", "12.5.3", "SHOULD", "With identity refused and gzip at hand, the answer is coded.",
     "gzip, identity;q=0", coded("gzip")),
    ("ae-label-gzip", "8.4", "MUST", "What is labelled gzip decodes to the file.", "gzip", decodes),
    ("ae-label-br", "8.4", "MUST", "What is labelled br decodes to the file.", "br", decodes),
    ("ae-label-zstd", "8.4", "MUST", "What is labelled zstd decodes to the file.", "zstd", decodes),
    ("ae-many", "8.4", "MUST", "What a browser is sent decodes to the file.", "gzip, deflate, br, zstd", decodes),
    ("ae-malformed", "17", "SHOULD", "A malformed Accept-Encoding does not crash the server.",
     "gzip;q=high, ;;=, \"", no_crash),
    ("coded-length", "8.6", "MUST", "Content-Length of a coded answer is that of the coded octets.",
     "gzip", exact_length),
    ("coded-type", "8.3", "MUST", "Content-Type names the type of what the coding is undone to.",
     "gzip", as_type),
)  # fmt: skip


def never_identity_label(probe: Probe) -> Iterator[str]:
    label = probe.base(CSS).get("Content-Encoding")
    if label is not None:
        yield f"Content-Encoding: {label}"


ROWS = (
    *(
        Row(key, f"RFC 9110 §{paragraph}", force, rule, accept(value, want))
        for key, paragraph, force, rule, value, want in TABLE
    ),
    Row(
        "ae-absent",
        "RFC 9110 §8.4",
        "MUST",
        "Without Accept-Encoding any coding may be sent, and is labelled.",
        unasked,
    ),
    Row(
        "ae-substring",
        "RFC 9110 §12.5.3",
        "SHOULD",
        "A coding whose name only contains gzip, br or zstd is another coding.",
        every(*(accept(value, UNCODED) for value in SUBSTRINGS)),
    ),
    Row(
        "ae-case",
        "RFC 9110 §8.4.1",
        "MUST",
        "Content coding names are case-insensitive: GZIP is gzip.",
        same_as(GZIP, "Accept-Encoding: GZIP"),
    ),
    Row(
        "ae-x-gzip",
        "RFC 9110 §8.4.1.3",
        "SHOULD",
        "x-gzip is equivalent to gzip.",
        every(same_as(GZIP, "Accept-Encoding: x-gzip"), accept("x-gzip;q=0", UNCODED)),
    ),
    Row(
        "ae-three-decimals",
        "RFC 9110 §12.4.2",
        "MUST",
        "A weight has up to three decimals, and 0.001 is acceptable.",
        same_as(GZIP, "Accept-Encoding: gzip;q=0.001"),
    ),
    Row(
        "ae-spaces",
        "RFC 9110 §5.6.3",
        "MUST",
        "Optional white space, tabs included, does not change what is accepted.",
        same_as("Accept-Encoding: gzip;q=1.0,foo", "Accept-Encoding: \tgzip ; q=1.0 ,  foo "),
    ),
    Row(
        "ae-empty-members",
        "RFC 9110 §5.6.1.2",
        "MUST",
        "Empty list members are ignored.",
        same_as(GZIP, "Accept-Encoding: , ,gzip,"),
    ),
    Row(
        "ae-two-lines",
        "RFC 9110 §5.3",
        "MUST",
        "Two field lines mean what they mean when combined, in either order.",
        every(
            same_as("Accept-Encoding: foo, gzip", "Accept-Encoding: foo", "Accept-Encoding: gzip"),
            same_as("Accept-Encoding: gzip, foo", "Accept-Encoding: gzip", "Accept-Encoding: foo"),
        ),
    ),
    Row(
        "coding-not-identity",
        "RFC 9110 §8.4",
        "SHOULD",
        "An answer that is not coded has no Content-Encoding (not `identity`).",
        never_identity_label,
    ),
    Row(
        "vary-coded",
        "RFC 9110 §12.5.5",
        "SHOULD",
        "A negotiated answer has Vary: Accept-Encoding.",
        vary_on("gzip"),
    ),
    Row(
        "vary-identity",
        "RFC 9110 §12.5.5",
        "SHOULD",
        "The identity answer of a negotiated resource has Vary: Accept-Encoding too.",
        vary_on("identity"),
    ),
    Row(
        "vary-304",
        "RFC 9110 §15.4.5",
        "MUST",
        "The 304 of a negotiated resource has Vary: Accept-Encoding.",
        asks(CSS, "If-None-Match: {etag}", want=(status(304), lists("Vary", "Accept-Encoding"))),
    ),
    Row(
        "vary-206",
        "RFC 9110 §15.3.7",
        "MUST",
        "The 206 of a negotiated resource has Vary: Accept-Encoding.",
        asks(CSS, "Range: bytes=0-4", want=(status(206), lists("Vary", "Accept-Encoding"))),
    ),
    Row(
        "identity-length",
        "RFC 9110 §8.6",
        "MUST",
        "Content-Length of the identity answer is exact.",
        asks(CSS, want=(status(200), exact_length, nothing_after)),
    ),
)
