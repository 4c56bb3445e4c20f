"""A directive of a configuration: its words, the line it stands in, and its block."""

from collections.abc import Iterator
from dataclasses import dataclass

from clearway.fronts.road import Location


@dataclass(frozen=True)
class Directive:
    """`name words…;` or `name words… { block }`; `block` is None without braces. Words are unquoted."""

    name: str
    words: tuple[str, ...]
    location: Location
    block: tuple["Directive", ...] | None = None

    def all(self, name: str) -> Iterator["Directive"]:
        """The directives of a name in the block, in order."""
        return (each for each in self.block or () if each.name == name)

    def last(self, name: str) -> "Directive | None":
        """The last directive of a name in the block."""
        found = None
        for each in self.all(name):
            found = each
        return found
