"""What is read of a front's answers: how long they are kept, what a missing file gets."""

import re
from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.fronts.road import Outcome

from .passage import Passage, passages

_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d+)", re.IGNORECASE)
_NEVER = "2037"  # what `expires max` of nginx writes
_YEAR = 31_536_000


def kept(outcome: Outcome) -> int:
    """Seconds for which a browser may keep an answer; Expires counts without Cache-Control (RFC 9111 §4.2.1)."""
    field = outcome.headers.get("cache-control", "").lower()
    if "no-store" in field or "no-cache" in field:
        return 0
    ages = [int(age) for age in _MAX_AGE.findall(field)]
    return max(ages, default=_YEAR if _NEVER in outcome.headers.get("expires", "") else 0)


def first_of(facts: Facts, *kinds: str) -> Iterator[Passage]:
    """The first sample of each kind that the front answers by itself."""
    for kind in kinds:
        own = (each for each in passages(facts, kind) if each.is_ours and each.due)
        yield from (each for each, _ in zip(own, range(1), strict=False))


def missing(passage: Passage) -> Passage:
    """A request for a file beside the sample that is not there, and of the same kind."""
    extension = passage.sample.name.rpartition(".")[2]
    return passage.asking(f"{passage.sample.prefix}clearway-check-missing.{extension}")
