"""A Caddyfile read from its files, imports followed."""

import glob
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clearway.fronts.copied import is_copy, is_elsewhere
from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Location

from . import lexing, processes
from .lexing import Token
from .parsing import Block, parse

if TYPE_CHECKING:
    from .servers import Servers

_WILD = "*?["
_ADDRESS = re.compile(r"^\{\$(\w+)\}\s*\{", re.MULTILINE)
_ANY = ":80"  # for the name of a site that only production knows


@dataclass(frozen=True)
class Configuration:
    """What was read.

    `main` is the path of the Caddyfile as Caddy names it, `directory` that of relative paths; `problems` are what
    could not be read here though Caddy may read it.
    """

    main: str
    options: tuple[Directive, ...]
    sites: tuple[Block, ...]
    problems: tuple[ConfigurationError, ...] = ()
    paths: PathMap = field(default_factory=PathMap)
    directory: str = "/"
    environ: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def servers(self) -> "Servers":
        """Listeners and their sites, built when first asked. Raises ConfigurationError."""
        from .servers import Servers

        return Servers(self)

    def full(self, path: str) -> str:
        """A path as Caddy completes it."""
        return path if path.startswith("/") else f"{self.directory.rstrip('/')}/{path}"


def read(main: str, paths: PathMap | None = None, directory: str | None = None) -> Configuration:
    """The configuration of a Caddyfile.

    Raises ConfigurationError where Caddy would refuse the text, OSError where the main file cannot be read.
    """
    paths = paths or PathMap()
    here = paths.here(str(Path(main).absolute()) if main == paths.here(main) else main)
    there = paths.there(here)
    process = processes.running(there)
    environ = process.environ if process else dict(os.environ)
    reader = _Reader(here, paths, environ)
    blocks = parse(reader.words(here), reader.imported)
    has_options = bool(blocks) and not blocks[0].keys
    for block in blocks[1:]:
        if not block.keys:
            raise ConfigurationError(
                "a block without an address holds global options, and must be the first", block.location
            )
    usual = process.directory if process else "/" if there.startswith("/etc/") else str(Path(there).parent)
    return Configuration(
        there,
        blocks[0].directives if has_options else (),
        blocks[1:] if has_options else blocks,
        tuple(reader.problems),
        paths,
        directory or usual,
        environ,
    )


def reread(configuration: Configuration, texts: Mapping[str, str]) -> Configuration:
    """The configuration again, with some of its files as these texts, by their paths. Raises ConfigurationError."""
    main = configuration.paths.here(configuration.main)
    reader = _Reader(main, configuration.paths, configuration.environ, texts)
    blocks = parse(reader.words(main), reader.imported)
    has_options = bool(blocks) and not blocks[0].keys
    options = blocks[0].directives if has_options else ()
    return replace(configuration, options=options, sites=blocks[1:] if has_options else blocks)


class _Reader:
    """The files of this machine, or those of a container that lie on it; some of them as texts that are given."""

    def __init__(
        self, main: str, paths: PathMap, environ: Mapping[str, str], texts: Mapping[str, str] | None = None
    ) -> None:
        self._main, self._paths, self._environ, self._texts = main, paths, environ, texts or {}
        self.problems: list[ConfigurationError] = []

    def words(self, here: str) -> tuple[Token, ...]:
        text = self._texts.get(here)
        if text is None:
            text = Path(here).read_bytes().decode("utf-8", "surrogateescape")
        unset = dict.fromkeys(_ADDRESS.findall(text), _ANY) if is_copy(self._main) else {}
        for number, line in enumerate(text.split("\n"), 1):
            for name in lexing.variables(line):
                if name not in self._environ:
                    taken = unset.get(name, "empty")
                    self._note(f"the variable {name} is not set here: taken as {taken}", Location(here, number))
        return lexing.tokens(text, here, unset | dict(self._environ))

    def imported(self, pattern: str, asked: Token) -> Sequence[Token]:
        """The words of a file, or of all that a pattern matches."""
        there = os.path.join(os.path.dirname(self._paths.there(asked.file)), pattern)  # noqa: PTH118, PTH120 - no Path: ".." stays
        if there.count("*") > 1 or there.count("?") > 1 or ("[" in there and "]" in there):
            raise ConfigurationError(f"{pattern}: only one wildcard is allowed", asked.location)
        is_pattern = any(mark in there for mark in _WILD)
        here = self._paths.here(there)
        found = sorted(glob.iglob(here, include_hidden=True)) if is_pattern else [here]  # noqa: PTH207 - glob(3)
        return [word for file in found for word in self._file(file, pattern, asked)]

    def _file(self, file: str, pattern: str, asked: Token) -> tuple[Token, ...]:
        try:
            return self.words(file)
        except PermissionError:
            self._note(f"{file} cannot be read by this user", asked.location)
            return ()
        except OSError as error:
            if is_elsewhere(self._main, file):
                self._note(f"{file} is not on this machine", asked.location)
                return ()
            why = (error.strerror or str(error)).lower()
            raise ConfigurationError(f"{pattern} cannot be imported: {why}", asked.location) from error

    def _note(self, message: str, location: Location) -> None:
        self.problems.append(ConfigurationError(message, location))
