"""A configuration of httpd read from its files: includes, definitions and the conditions that hold while reading."""

import fnmatch
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clearway.fronts.copied import is_elsewhere
from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Location

from . import lines
from .conditional import CONDITIONS, Conditions
from .environment import environment
from .macros import Macro, Macros, Rows
from .modules import OF_DIRECTIVE, Modules

if TYPE_CHECKING:
    from .servers import Server, Servers

_DEEPEST = 128  # AP_MAX_INCLUDE_DIR_DEPTH
_ROOT = "/etc/apache2"
_OPENING = re.compile(r"<(?!/)([^\s>]+)(.*)>\s*\Z", re.DOTALL)
_NAME = re.compile(r"[a-z]\w*", re.ASCII)
_CLOSING = re.compile(r"</([^\s>]+)\s*>\s*\Z")


@dataclass(frozen=True)
class Configuration:
    """What was read.

    Names of directives are in lower case; sections have a block, conditions that do not hold are left out. `root` is
    ServerRoot. `problems` are what could not be read here though httpd may read it; `unloaded` are modules whose
    directives stand where they are not loaded: built in, or httpd refuses the configuration.
    """

    main: str
    directives: tuple[Directive, ...]
    problems: tuple[ConfigurationError, ...] = ()
    paths: PathMap = field(default_factory=PathMap)
    root: str = _ROOT
    modules: Modules = field(default_factory=Modules)
    defined: frozenset[str] = frozenset()
    unloaded: frozenset[str] = frozenset()
    macros: Mapping[str, Macro] = field(default_factory=dict)

    @cached_property
    def servers(self) -> "Servers":
        """The virtual hosts, built when first asked."""
        from .servers import Servers

        return Servers.of(self)

    def speaks_tls(self, server: "Server") -> bool:
        """By SSLEngine; where a file that may say so was not read, by the certificate."""
        said = server.words("sslengine") or self.servers.main.words("sslengine")
        if said:
            return said[0].lower() == "on"
        return bool(self.problems) and server.words("sslcertificatefile") is not None

    def full(self, path: str) -> str:
        """A path as httpd completes it (ap_server_root_relative)."""
        return path if path.startswith("/") else f"{self.root.rstrip('/')}/{path}"


def read(main: str, paths: PathMap | None = None) -> Configuration:
    """The configuration of a main file.

    Raises ConfigurationError where httpd would refuse the text, OSError where the main file cannot be read.
    """
    paths = paths or PathMap()
    return _read(paths.here(str(Path(main).absolute()) if main == paths.here(main) else main), paths, {})


def reread(configuration: Configuration, texts: Mapping[str, str]) -> Configuration:
    """The configuration again, with some of its files as these texts, by their paths. Raises ConfigurationError."""
    return _read(configuration.paths.here(configuration.main), configuration.paths, texts)


def _read(here: str, paths: PathMap, texts: Mapping[str, str]) -> Configuration:
    there, variables = paths.there(here), environment(str(Path(here).parent))
    reader = Reader(there, paths, variables, texts)
    text = reader.text(here)
    reader.modules.are_all = not re.search(r"^\s*(?:LoadModule|Include\w*)\s", text, re.MULTILINE | re.IGNORECASE)
    directives = reader.parse(text, here)
    if reader.modules.are_all is False and not reader.loaded:
        reader = Reader(there, paths, variables, texts)
        reader.modules.are_all = True
        directives = reader.parse(text, here)
    problems, unloaded, defined = tuple(reader.problems), frozenset(reader.unloaded), frozenset(reader.defined)
    modules, macros = reader.modules, reader.macros.known()
    return Configuration(there, directives, problems, paths, reader.root, modules, defined, unloaded, macros)


def read_override(configuration: Configuration, path: str) -> tuple[Directive, ...]:
    """The directives of an `.htaccess`. Raises ConfigurationError and OSError."""
    here = configuration.paths.here(path)
    reader = Reader(configuration.main, configuration.paths, {})
    reader.modules, reader.root = configuration.modules, configuration.root
    reader.defined = dict.fromkeys(configuration.defined, "")
    reader.macros = Macros(configuration.macros)
    return reader.parse(reader.text(here), here)


class Reader:
    """What holds at one place of the text: variables, modules, macros, the root of relative paths."""

    def __init__(
        self, main: str, paths: PathMap, variables: dict[str, str], texts: Mapping[str, str] | None = None
    ) -> None:
        self.main, self.paths, self._texts = main, paths, texts or {}
        self.variables = dict(variables)
        self.defined: dict[str, str] = {}
        self.root = str(Path(main).parent) if main.endswith(".conf") else _ROOT
        self.is_rooted = False
        self.modules = Modules()
        self.loaded = False
        self.macros = Macros({})
        self.problems: list[ConfigurationError] = []
        self.unloaded: set[str] = set()
        self._depth = 0

    def text(self, here: str) -> str:
        """Of a file of this machine; bytes that are no UTF-8 survive."""
        found = self._texts.get(here)
        return Path(here).read_bytes().decode("utf-8", "surrogateescape") if found is None else found

    def parse(self, text: str, file: str) -> tuple[Directive, ...]:
        """The directives of one file."""
        rows = Rows([(Location(file, number), line) for number, line in lines.logical(text)])
        return tuple(self._until(rows, None))

    def _until(self, rows: Rows, opened: tuple[str, Location] | None) -> Iterator[Directive]:
        for where, raw in rows:
            line = lines.filled(raw, self.variables | self.defined).strip()
            if not line:
                continue
            if closing := _CLOSING.match(line):
                name = closing[1].lower()
                if opened is None or opened[0] != name:
                    raise ConfigurationError(f"</{closing[1]}> without matching <{closing[1]}> section", where)
                return
            if opening := _OPENING.match(line):
                yield from self._section(opening[1].lower(), opening[2].strip(), where, rows)
            elif line.startswith("<"):
                raise ConfigurationError(f"{line.split()[0]} directive missing closing '>'", where)
            else:
                yield from self._directive(line, where, rows)
        if opened:
            raise ConfigurationError(f"<{opened[0]}> was not closed.", opened[1])

    def _section(self, name: str, rest: str, where: Location, rows: Rows) -> Iterator[Directive]:
        if name == "macro":
            self.macros.define(rest, where, rows)
            yield Directive(name, lines.words(rest), where)
        elif name in CONDITIONS:
            holds = CONDITIONS[name](Conditions(self.modules, self.defined, self.paths, self.full), rest)
            if holds:
                yield from self._until(rows, (name, where))
            else:
                _skip(rows, name, where)
        else:
            words = (rest,) if name in {"if", "elseif"} else lines.words(rest)
            yield Directive(name, words, where, tuple(self._until(rows, (name, where))))

    def _directive(self, line: str, where: Location, rows: Rows) -> Iterator[Directive]:
        first, rest = lines.next_word(line)
        name, words = first.lower(), lines.words(rest)
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"Invalid command '{first}'", where)
        if name in {"include", "includeoptional"}:
            yield from self._included(words, where, optional=name == "includeoptional")
            return
        if name in {"use", "undefmacro"}:
            self.macros.use(words, where, rows) if name == "use" else self.macros.forget(words, where)
        if not self.modules.has(module := OF_DIRECTIVE.get(name, "core")):
            self.unloaded.add(module)
        handler = _AT_ONCE.get(name)
        if handler and words:
            handler(self, words)
        yield Directive(name, words, where)

    def full(self, path: str) -> str:
        """Relative to the root that holds here."""
        return path if path.startswith("/") else f"{self.root.rstrip('/')}/{path}"

    def _included(self, words: tuple[str, ...], where: Location, *, optional: bool) -> Iterator[Directive]:
        if len(words) != 1:
            raise ConfigurationError("Include takes one argument", where)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConfigurationError("Exceeded maximum include depth", where)
        for path in self._files(self.full(words[0]), where, optional=optional):
            yield from self._file(path, where, optional=optional)
        self._depth -= 1

    def _file(self, path: str, where: Location, *, optional: bool) -> tuple[Directive, ...]:
        here = self.paths.here(path)
        try:
            text = self.text(here)
        except PermissionError:
            self.problems.append(ConfigurationError(f"{here} cannot be read by this user", where))
            return ()
        except OSError as error:
            if optional and isinstance(error, FileNotFoundError):
                return ()
            if self._is_elsewhere(here):
                self.problems.append(ConfigurationError(f"{here} is not on this machine", where))
                return ()
            raise ConfigurationError(f"Could not open configuration file {path}: {error.strerror}", where) from error
        return self.parse(text, here)

    def _is_elsewhere(self, here: str) -> bool:
        """Whether a missing file may be on another machine; what a ServerRoot that is here should have is not."""
        is_own = self.is_rooted and here.startswith(f"{self.root}/") and Path(self.paths.here(self.root)).is_dir()
        return is_elsewhere(self.paths.here(self.main), here) and not is_own

    def _files(self, path: str, where: Location, *, optional: bool) -> list[str]:
        """Directories with all that is in them; wildcards in any segment; in the order of bytes."""
        here = self.paths.here(path)
        if not any(mark in path for mark in "*?["):
            return _inside(path, here)
        found = _glob(self.paths.here("/"), path, self.paths)
        if not found and not optional and not self._is_elsewhere(here):
            raise ConfigurationError(f"No matches for the wildcard in '{path}'", where)
        return [each for name in found for each in _inside(name, self.paths.here(name))]


def _inside(path: str, here: str) -> list[str]:
    if not Path(here).is_dir():
        return [path]
    names = sorted(_names(here), key=os.fsencode)
    return [each for name in names for each in _inside(f"{path.rstrip('/')}/{name}", f"{here.rstrip('/')}/{name}")]


def _glob(root: str, pattern: str, paths: PathMap) -> list[str]:
    """Segment by segment; what begins with a dot only where that is written."""
    found = [""]
    for part in pattern.split("/")[1:]:
        if not any(mark in part for mark in "*?["):
            found = [f"{each}/{part}" for each in found]
            continue
        named = [f"{each}/{name}" for each in found for name in _names(paths.here(each or "/")) if _fits(name, part)]
        found = sorted(named, key=os.fsencode)
    return [each for each in found if Path(paths.here(each)).exists()]


def _names(folder: str) -> list[str]:
    try:
        return [each.name for each in Path(folder).iterdir()]
    except OSError:
        return []


def _fits(name: str, part: str) -> bool:
    return fnmatch.fnmatchcase(name, part) and (not name.startswith(".") or part.startswith("."))


def _skip(rows: Rows, name: str, where: Location) -> None:
    """To the end of a section whose inside does not count."""
    depth = 1
    for _, line in rows:
        if (closing := _CLOSING.match(line)) and closing[1].lower() == name:
            depth -= 1
            if not depth:
                return
        elif (opening := _OPENING.match(line)) and opening[1].lower() == name:
            depth += 1
    raise ConfigurationError(f"<{name}> was not closed.", where)


def _define(reader: Reader, words: tuple[str, ...]) -> None:
    reader.defined[words[0]] = words[1] if len(words) > 1 else ""


def _undefine(reader: Reader, words: tuple[str, ...]) -> None:
    reader.defined.pop(words[0], None)


def _load(reader: Reader, words: tuple[str, ...]) -> None:
    reader.modules.load(words[0])
    reader.loaded = True


def _root(reader: Reader, words: tuple[str, ...]) -> None:
    reader.root, reader.is_rooted = words[0].rstrip("/") or "/", True


_AT_ONCE: dict[str, Callable[[Reader, tuple[str, ...]], None]] = {
    "define": _define,
    "undefine": _undefine,
    "loadmodule": _load,
    "serverroot": _root,
}
