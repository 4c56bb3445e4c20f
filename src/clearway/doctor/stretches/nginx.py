"""A passage through nginx: its location, its directory, and what else there is."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from os.path import realpath
from typing import Any

from clearway.fronts.directive import Directive
from clearway.fronts.nginx.listen import listens
from clearway.fronts.nginx.reading import Configuration
from clearway.fronts.nginx.scope import PASSES, Location, Locations, Scope, Server
from clearway.fronts.road import Location as Place
from clearway.fronts.texts import walk

from .configurations import is_at, without
from .passage import Passage

_GROUND = ("root", "alias")


class Ground:
    """As `Terrain` has it."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._configuration: Configuration = passage.front.configuration

    @cached_property
    def server(self) -> Server | None:
        """The server that took the request."""
        places = self._passage.places("server")
        found = (each for each in self._configuration.http.servers if places and is_at(each.directive, places[0]))
        return next(found, None)

    @cached_property
    def scope(self) -> Scope | None:
        """The location that the URL leads to first, else the server."""
        return self._taken(self._passage.places("location")[:1])

    @cached_property
    def last(self) -> Scope | None:
        """The location that answers, or hands on: a named one, where try_files leads there."""
        return self._taken(self._passage.places("location")[-1:])

    def _taken(self, places: list[Place]) -> Scope | None:
        known = _locations(self.server.locations) if self.server else iter(())
        return next((each for each in known if places and is_at(each.directive, places[0])), self.server)

    @property
    def block(self) -> Directive | None:
        return self.scope.directive if self.scope else None

    @property
    def is_for_prefix(self) -> bool:
        scope, sample = self.scope, self._passage.sample
        if not isinstance(scope, Location):
            return False
        if scope.regex:
            return scope.regex.match(f"/clearway-check-nowhere/{sample.name}") is None
        bare, wanted = scope.name.rstrip("/"), sample.prefix.rstrip("/")
        return bare.startswith(wanted) or (bool(bare) and any(name in scope.own for name in _GROUND))

    @cached_property
    def ground(self) -> Directive | None:
        holder = self.scope.holder(*_GROUND) if self.scope else None
        return holder.here(*_GROUND)[-1] if holder else None

    @property
    def is_relative(self) -> bool:
        if self.ground is None:
            return self.is_for_prefix
        return not self.ground.words[0].startswith(("/", "$"))

    @property
    def glues(self) -> bool:
        alias, location = self.ground, self.scope
        return (
            alias is not None
            and alias.name == "alias"
            and isinstance(location, Location)
            and not location.regex
            and location.name.endswith("/")
            and not alias.words[0].endswith("/")
        )

    @property
    def peculiar(self) -> str:
        """What an `alias` below a regular expression does."""
        alias, location = self.ground, self.scope
        if alias is None or alias.name != "alias" or not isinstance(location, Location) or not location.regex:
            return ""
        if alias not in location.here("alias"):
            return ""
        if "$" not in alias.words[0]:
            return "alias-regex-no-capture"
        return "alias-regex-try-files" if location.here("try_files") else ""

    @property
    def hands_on(self) -> Directive | None:
        found = self.last.here(*PASSES) if self.last else []
        return found[-1] if found else None

    def other_servers(self) -> Iterator[tuple[Directive, Passage]]:
        for server in self._configuration.http.servers:
            if server is self.server or not self._may_have(server):
                continue
            listen = listens(server)[0]
            visit = replace(
                self._passage.visit, port=listen.port, scheme="https" if listen.ssl else "http", address=None
            )
            yield server.directive, self._passage.through(_alone(self._configuration, server.directive), visit)

    def _may_have(self, server: Server) -> bool:
        """Whether a directory that a server names leads to the due file; each answer of a server costs a walk."""
        named = [each.words[0] for each in walk((server.directive,)) if each.name in _GROUND and each.words]
        file, paths = realpath(self._passage.sample.file), self._passage.front.paths
        if not named or not self._passage.due:
            return True
        return any("$" in each or file.startswith(realpath(paths.here(each))) for each in named)

    def prefixes(self) -> Iterator[tuple[Directive, str]]:
        for location in _locations(self.server.locations) if self.server else ():
            if not location.regex and not location.is_named and location.name.strip("/"):
                yield location.directive, location.name


def _alone(configuration: Configuration, server: Directive) -> Any:
    """With no other server; those of an `upstream` are lines."""
    return without(configuration, lambda each: each.name == "server" and each.block is not None and each is not server)


def _locations(level: Locations) -> Iterator[Location]:
    for each in (*level.exact.values(), *level.prefixes.values(), *level.regexes, *level.named.values()):
        yield each
        yield from _locations(each.locations)
