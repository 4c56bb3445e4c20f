"""What the three servers' configurations have in common, as the diagnosis asks for it."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, Protocol

from clearway.fronts.directive import Directive

from .configurations import all_directives, is_at, without
from .passage import Passage


class Terrain(Protocol):
    """One passage through one kind of server; an instance is made for each."""

    def __init__(self, passage: Passage) -> None: ...

    @property
    def block(self) -> Directive | None:
        """The block, or the line, that takes the URL."""

    @property
    def is_for_prefix(self) -> bool:
        """Whether that block is there for the sample's prefix, not for everything."""

    @property
    def ground(self) -> Directive | None:
        """The line that says in which directory the files lie; None where none does."""

    @property
    def is_relative(self) -> bool:
        """Whether no absolute path is named."""

    @property
    def glues(self) -> bool:
        """Whether that line lacks the slash that the block's path ends in."""

    @property
    def peculiar(self) -> str:
        """A cause that only this kind of server knows; empty without."""

    @property
    def hands_on(self) -> Directive | None:
        """The line that hands the request to the application."""

    def other_servers(self) -> Iterator[tuple[Directive, Passage]]:
        """Other servers of the configuration, with the passage as if each of them took the request."""

    def prefixes(self) -> Iterator[tuple[Directive, str]]:
        """Blocks of the answering server for a path, with that path."""


def terrain(passage: Passage) -> Terrain:
    """Of the passage's front."""
    made: Any = import_module(f"clearway.doctor.stretches.{passage.front.name}")
    kind: type[Terrain] = made.Ground
    return kind(passage)


def decisive(
    passage: Passage, names: Sequence[str], frees: Callable[[Passage], bool] | None = None
) -> Directive | None:
    """A directive of these names, on the way or in a block on it, without which the file would be answered.

    `frees` judges the passage without it, where less than that is enough.
    """
    configuration = passage.front.configuration
    for place in reversed(passage.places()):
        for each in (found for found in all_directives(configuration) if is_at(found, place)):
            for one in (each, *(each.block or ())):
                if one.name in names and (frees or arrives)(_without(passage, one)):
                    return one
    return None


def arrives(passage: Passage) -> bool:
    """Whether the due file is answered, by the front or by the application."""
    return passage.delivers or (passage.road.outcome.by == "application" and passage.walked.answered)


def _without(passage: Passage, taken: Directive) -> Passage:
    return passage.through(without(passage.front.configuration, lambda each: each is taken))
