"""Changes of the lines of one file, which several edits of it may bring together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .edit import lines


@dataclass(frozen=True, order=True)
class Change:
    """Lines, with their ends, in place of those from `start`, which counts from 0; of none: inserted before it."""

    start: int
    before: tuple[bytes, ...]
    after: tuple[bytes, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.before)


def together(one: Iterable[Change], other: Iterable[Change]) -> list[Change] | None:
    """Both, in order, what is the same once; None where they touch the same lines."""
    ordered = sorted({*one, *other})
    return None if any(_touch(first, then) for first, then in pairwise(ordered)) else ordered


def made(before: bytes, changes: Sequence[Change]) -> bytes:
    """The file with all of them, which are in order and apart."""
    there = lines(before)
    for change in reversed(changes):
        there[change.start : change.end] = change.after
    return b"".join(there)


def _touch(first: Change, then: Change) -> bool:
    return then.start < first.end or then.start == first.start
