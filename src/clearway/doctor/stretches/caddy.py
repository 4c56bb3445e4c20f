"""A passage through Caddy: its handler, its root, and what else there is."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from clearway.fronts.caddy.parsing import Block
from clearway.fronts.directive import Directive
from clearway.fronts.texts import walk

from .configurations import at
from .passage import Passage

if TYPE_CHECKING:
    from clearway.fronts.caddy.reading import Configuration

_BLOCKS = ("handle", "handle_path", "route", "file_server", "reverse_proxy", "root")


class Ground:
    """As `Terrain` has it."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._configuration: Configuration = passage.front.configuration

    @cached_property
    def site(self) -> Block | None:
        """The site that took the request."""
        places = self._passage.places("server")
        for block in self._configuration.sites:
            if places and any(key.location == places[0] for key in block.keys):
                return block
        return None

    @cached_property
    def block(self) -> Directive | None:
        entered = self._of("handle")
        return entered[-1] if entered else next(iter(reversed(self._of("proxy", "file", "root"))), None)

    @property
    def is_for_prefix(self) -> bool:
        return any(_path(each).startswith(self._passage.sample.prefix.rstrip("/")) for each in self._of("handle"))

    @property
    def ground(self) -> Directive | None:
        roots = self._of("root")
        return roots[-1] if roots else None

    @property
    def is_relative(self) -> bool:
        return self.ground is not None and not self.ground.words[-1].startswith(("/", "{"))

    @property
    def glues(self) -> bool:
        return False

    @property
    def peculiar(self) -> str:
        return ""

    @property
    def hands_on(self) -> Directive | None:
        proxies = self._of("proxy")
        return proxies[-1] if proxies else None

    def other_servers(self) -> Iterator[tuple[Directive, Passage]]:
        for block in self._configuration.sites:
            if block is self.site or not block.directives:
                continue
            alone = replace(self._configuration, sites=(block,))
            for scheme, port in alone.servers.ports:
                host = block.keys[0].text.rpartition("//")[2].partition("/")[0].partition(":")[0]
                visit = replace(
                    self._passage.visit, host=host or self._passage.visit.host, scheme=scheme, port=port, address=None
                )
                yield Directive(block.keys[0].text, (), block.location, ()), self._passage.through(alone, visit)

    def prefixes(self) -> Iterator[tuple[Directive, str]]:
        for each in walk(self.site.directives if self.site else ()):
            if each.name in _BLOCKS and _path(each).strip("/"):
                yield each, _path(each)

    def _of(self, *layers: str) -> list[Directive]:
        found = (at(self._configuration, each) for each in self._passage.places(*layers))
        return [each for each in found if each]


def _path(directive: Directive) -> str:
    """The path that a directive is for, without its star; empty where it has none."""
    first = directive.words[0] if directive.words else ""
    return first.rstrip("*") if first.startswith("/") else ""
