"""The directives that hold for a request: the server's, then those of the sections that fit, as they are merged."""

from collections.abc import Iterator
from dataclasses import dataclass

from clearway.fronts.directive import Directive


@dataclass(frozen=True)
class Layer:
    """What one section, or the level of a server, adds; `directory` ends with a slash where it is that of one."""

    directives: tuple[Directive, ...]
    kind: str = "server"
    directory: str | None = None
    section: Directive | None = None

    def has(self, *names: str) -> bool:
        return any(each.name in names for each in self.directives)


@dataclass(frozen=True)
class Scope:
    """Layers, the weakest first."""

    layers: tuple[Layer, ...] = ()

    def plus(self, layer: Layer) -> "Scope":
        return Scope((*self.layers, layer))

    def all(self, *names: str) -> Iterator[Directive]:
        """Every directive of the names, in the order of merging."""
        return (each for layer in self.layers for each in layer.directives if each.name in names)

    def last(self, name: str) -> Directive | None:
        """The one that holds, where the last that was merged does."""
        for layer in reversed(self.layers):
            for each in reversed(layer.directives):
                if each.name == name:
                    return each
        return None

    def word(self, name: str, default: str = "") -> str:
        """The first word of the one that holds, in lower case."""
        found = self.last(name)
        return found.words[0].lower() if found and found.words else default

    def is_on(self, name: str, *, default: bool = False) -> bool:
        return self.word(name, "on" if default else "off") == "on"

    def strongest(self, *names: str) -> Layer | None:
        """The last layer that has a directive of one of the names: for what replaces all that is weaker."""
        return next((layer for layer in reversed(self.layers) if layer.has(*names)), None)
