"""Which of a front's answers are looked at, and what a missing file gets."""

from collections.abc import Iterator

from clearway.doctor.facts import Facts

from .passage import Passage, passages


def first_of(facts: Facts, *kinds: str) -> Iterator[Passage]:
    """The first sample of each kind that the front answers by itself."""
    for kind in kinds:
        own = (each for each in passages(facts, kind) if each.is_ours and each.due)
        yield from (each for each, _ in zip(own, range(1), strict=False))


def missing(passage: Passage) -> Passage:
    """A request for a file beside the sample that is not there, and of the same kind."""
    extension = passage.sample.name.rpartition(".")[2]
    return passage.asking(f"{passage.sample.prefix}clearway-check-missing.{extension}")
