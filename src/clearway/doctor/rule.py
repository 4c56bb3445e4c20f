"""A rule: what it is called, what it looks at, where on the road it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from clearway.fronts.road import Location

from .facts import Facts
from .finding import Finding, Fix, Level


class Layer(IntEnum):
    """The road from source to browser; what is wrong at an earlier layer is the cause of what is wrong later."""

    SETTINGS = 1
    SOURCE = 2
    COLLECTION = 3
    RECORD = 4
    PLATFORM = 5
    FRONT = 6
    APPLICATION = 7
    FILE = 8
    PERMISSION = 9
    ANSWER = 10
    BROWSER = 11
    SEEN = 12  # of a live site: all others are foretold


@dataclass(frozen=True)
class Rule:
    """One cause that can be told. `facts` names the attributes of `Facts` that it reads; without one it is skipped.

    `optional` are those that it can do without. `cause` is a name in the catalogue of causes; None for advice.
    """

    id: str
    name: str
    cause: str | None
    level: Level
    layer: Layer
    facts: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def finding(
        self,
        message: str,
        *evidence: str,
        fix: Fix,
        location: Location | None = None,
        effect: str = "",
        breaks: frozenset[str] = frozenset(),
        level: Level | None = None,
    ) -> Finding:
        """A finding of this rule, at its level unless this one weighs otherwise."""
        return Finding(
            self.id, self.name, self.cause, level or self.level, message, evidence, fix, location, effect, breaks
        )


@dataclass(frozen=True)
class Check:
    """A rule with what looks for it, and its page."""

    rule: Rule
    look: Callable[[Facts], Iterator[Finding]]
    page: str
