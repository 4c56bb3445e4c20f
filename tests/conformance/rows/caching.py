"""Freshness: RFC 9111, and RFC 8246 for names that never change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.conformance.rows.row import NotApplicableError, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.rows.row import Probe
    from tests.conformance.wire import Answer

CSS = "site.css"
YEAR = 31_536_000
UNUSABLE = {"no-store", "no-cache", "max-age=0"}


def max_ages(answer: Answer) -> list[str]:
    return [part.partition("=")[2] for part in answer.members("Cache-Control") if part.startswith("max-age")]


def explicit(probe: Probe) -> Iterator[str]:
    answer = probe.base(CSS)
    if not max_ages(answer) and not answer.get("Expires"):
        yield f"Cache-Control: {answer.get('Cache-Control')}, no Expires"


def one_max_age(probe: Probe) -> Iterator[str]:
    ages = max_ages(probe.base(CSS))
    if len(ages) > 1 or not all(re.fullmatch("[0-9]+", age) for age in ages):
        yield f"max-age: {', '.join(ages)}"


def not_immutable(probe: Probe) -> Iterator[str]:
    if "immutable" in probe.base(CSS).members("Cache-Control"):
        yield f"Cache-Control: {probe.base(CSS).get('Cache-Control')}"


def immutable(probe: Probe) -> Iterator[str]:
    if probe.place.hashed is None:
        raise NotApplicableError
    answer = probe.base(probe.place.hashed)
    ages = [int(age) for age in max_ages(answer) if age.isdecimal()]
    if answer.status != 200:
        yield f"{answer.status} for {probe.place.hashed}"
    elif "immutable" not in answer.members("Cache-Control") or max(ages, default=0) < YEAR:
        yield f"Cache-Control: {answer.get('Cache-Control')}"


def miss_not_reused(probe: Probe) -> Iterator[str]:
    answer = probe.ask("missing.css")
    if answer.status != 404 or not UNUSABLE & set(answer.members("Cache-Control")):
        yield f"{answer.status} with Cache-Control: {answer.get('Cache-Control')}"


ROWS = (
    Row(
        "freshness-explicit",
        "RFC 9111 §4.2",
        "ADVICE",
        "The freshness lifetime is explicit (max-age or Expires), not left to heuristics.",
        explicit,
    ),
    Row(
        "max-age-once",
        "RFC 9111 §4.2.1",
        "MUST",
        "max-age, if sent, is sent once and is a number of seconds.",
        one_max_age,
    ),
    Row(
        "immutable-hashed",
        "RFC 8246 §2",
        "ADVICE",
        "A name that carries the digest of its content is immutable, and fresh for a year.",
        immutable,
    ),
    Row(
        "immutable-only-hashed",
        "RFC 8246 §2",
        "MUST",
        "A name whose content can change is not called immutable.",
        not_immutable,
    ),
    Row(
        "404-not-reused",
        "RFC 9111 §4.2.2",
        "ADVICE",
        "A 404 is heuristically cacheable, so it says that it must not be reused.",
        miss_not_reused,
    ),
)
