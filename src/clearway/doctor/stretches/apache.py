"""A passage through httpd: its Alias, its directory, and what else there is."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from clearway.fronts.apache.reading import Configuration
from clearway.fronts.directive import Directive

from .configurations import at, without
from .passage import Passage

_ALIASES = ("alias", "aliasmatch")
_HANDED = ("proxy", "application")


class Ground:
    """As `Terrain` has it."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._configuration: Configuration = passage.front.configuration

    @cached_property
    def block(self) -> Directive | None:
        return self._first("alias", *_HANDED) or self._first("file")

    @property
    def is_for_prefix(self) -> bool:
        block = self.block
        if block is None or block.name not in {*_ALIASES, "proxypass"} or not block.words:
            return False
        return block.name == "aliasmatch" or block.words[0].strip("/") != ""

    @property
    def ground(self) -> Directive | None:
        return self.block if self.block and self.block.name in {*_ALIASES, "documentroot"} else None

    @property
    def is_relative(self) -> bool:
        return self.ground is not None and not self.ground.words[-1].startswith("/")

    @property
    def glues(self) -> bool:
        alias = self.ground
        if alias is None or alias.name != "alias" or len(alias.words) < 2:
            return False
        return alias.words[0].endswith("/") and not alias.words[1].endswith("/")

    @property
    def peculiar(self) -> str:
        return ""

    @property
    def hands_on(self) -> Directive | None:
        return self._first(*_HANDED)

    def other_servers(self) -> Iterator[tuple[Directive, Passage]]:
        taken = self._first("server")
        for host in self._configuration.servers.hosts:
            section = host.section
            if section is None or section is taken:
                continue
            port = next((port for _, port in host.addresses if port), self._passage.visit.port)
            speaks = self._configuration.speaks_tls(host)
            visit = replace(self._passage.visit, port=port, scheme="https" if speaks else "http", address=None)
            yield section, self._passage.through(_alone(self._configuration, section), visit)

    def prefixes(self) -> Iterator[tuple[Directive, str]]:
        taken = self._first("server")
        rows = (*self._configuration.servers.main.directives, *((taken.block or ()) if taken else ()))
        yield from ((each, each.words[0]) for each in rows if each.name == "alias" and len(each.words) == 2)

    def _first(self, *layers: str) -> Directive | None:
        lines = (at(self._configuration, each) for each in self._passage.places(*layers))
        return next((each for each in lines if each and each.words[1:2] != ("!",)), None)


def _alone(configuration: Configuration, section: Directive) -> Configuration:
    changed: Configuration = without(configuration, lambda each: each.name == "virtualhost" and each is not section)
    return changed
