"""Validators and dates: RFC 9110 §8.8, §6.6.1, §5.6.7."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.conformance.rows.row import IMF_FIXDATE, Row
from tests.conformance.rows.want import asks, present, status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Probe
    from tests.conformance.wire import Answer

CSS = "site.css"
CODINGS = ("identity", "gzip", "br", "zstd")
ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
# name, request line, method: one of each kind of answer that must be dated
DATED = (
    (CSS, "Range: bytes=0-4", "GET"),
    (CSS, "If-None-Match: *", "GET"),
    ("missing.css", "Accept: */*", "GET"),
    (CSS, "Content-Length: 0", "POST"),
    ("plain.bin", "Range: bytes=10-", "GET"),
)


def moment(value: str) -> datetime | None:
    """The instant of an IMF-fixdate written exactly as the grammar has it."""
    try:
        parsed = datetime.strptime(value, IMF_FIXDATE).replace(tzinfo=UTC)
    except ValueError:
        return None
    return parsed if parsed.strftime(IMF_FIXDATE) == value else None


def each_coding(probe: Probe, name: str = CSS) -> dict[str, Answer]:
    return {coding: probe.base(name, f"Accept-Encoding: {coding}") for coding in CODINGS}


def syntax(probe: Probe) -> Iterator[str]:
    for coding, answer in each_coding(probe).items():
        tags = answer.lines("ETag")
        if len(tags) > 1 or not all(ENTITY_TAG.fullmatch(tag) for tag in tags):
            yield f"{coding}: ETag: {', '.join(tags)}"


def distinct(probe: Probe) -> Iterator[str]:
    owner: dict[str, Answer] = {}
    for coding, answer in each_coding(probe).items():
        tag = answer.get("ETag") or ""
        if not tag.startswith('"'):
            continue
        if owner.setdefault(tag, answer).body != answer.body:
            yield f"{coding} shares the strong ETag {tag} with {owner[tag].coding}, whose octets differ"


def fixdate(field: str) -> Callable[[Probe], Iterator[str]]:
    def check(probe: Probe) -> Iterator[str]:
        value = probe.base(CSS).get(field)
        if value is not None and moment(value) is None:
            yield f"{field}: {value}"

    return check


def not_future(probe: Probe) -> Iterator[str]:
    answer = probe.base(CSS)
    modified, sent = moment(answer.get("Last-Modified") or ""), moment(answer.get("Date") or "")
    if modified and sent and modified > sent:
        yield f"Last-Modified {modified} is later than Date {sent}"


def dated(probe: Probe) -> Iterator[str]:
    for name, line, method in DATED:
        answer = probe.ask(name, line, method=method)
        if answer.status < 500 and not answer.get("Date"):
            yield f"{answer.status} without Date"


ROWS = (
    Row(
        "etag-present",
        "RFC 9110 §8.8.3.1",
        "SHOULD",
        "A file has an ETag.",
        asks(CSS, want=(status(200), present("ETag"))),
    ),
    Row(
        "etag-syntax",
        "RFC 9110 §8.8.3",
        "MUST",
        "An ETag is one quoted entity-tag, in every coding.",
        syntax,
    ),
    Row(
        "etag-per-coding",
        "RFC 9110 §8.8.3.3",
        "MUST",
        "Answers whose octets differ by content coding do not share a strong ETag.",
        distinct,
    ),
    Row(
        "last-modified-present",
        "RFC 9110 §8.8.2.1",
        "SHOULD",
        "A file has a Last-Modified date.",
        asks(CSS, want=(status(200), present("Last-Modified"))),
    ),
    Row(
        "last-modified-form",
        "RFC 9110 §5.6.7",
        "MUST",
        "Last-Modified is generated as an IMF-fixdate.",
        fixdate("Last-Modified"),
    ),
    Row(
        "last-modified-past",
        "RFC 9110 §8.8.2.1",
        "MUST",
        "Last-Modified is not later than Date.",
        not_future,
    ),
    Row(
        "date-form",
        "RFC 9110 §5.6.7",
        "MUST",
        "Date is generated as an IMF-fixdate.",
        fixdate("Date"),
    ),
    Row(
        "date-always",
        "RFC 9110 §6.6.1",
        "MUST",
        "Every 2xx, 3xx and 4xx answer carries Date.",
        dated,
    ),
)
