"""A configuration read from its files, includes followed, or from what `nginx -T` printed."""

import fnmatch
import glob
import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clearway.fronts.copied import is_copy, is_elsewhere
from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx import arguments, dump, tree
from clearway.fronts.nginx.known_version import KnownVersion, check, version_of
from clearway.fronts.nginx.prefix import prefix_of
from clearway.fronts.nginx.shipped import shipped
from clearway.fronts.nginx.versions import Change, Version
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Location

if TYPE_CHECKING:
    from clearway.fronts.nginx.scope import Http

_DEEPEST = 64  # includes within includes
_MOST_LINKS = 40
_BLOCK = r"^[^#\n]*\b{}\s*\{{"


@dataclass(frozen=True)
class Configuration:
    """What was read.

    `main` is the path of the main file as nginx names it; `problems` are what could not be read here though nginx
    may read it; `given_prefix` and `given_version` overrule what the installed nginx tells; `is_here` where that one
    may load it.
    """

    main: str
    directives: tuple[Directive, ...]
    problems: tuple[ConfigurationError, ...] = ()
    paths: PathMap = field(default_factory=PathMap)
    given_prefix: str | None = None
    given_version: Version | None = None
    is_here: bool = True

    @cached_property
    def prefix(self) -> str:
        """The directory of relative paths; sought when first asked."""
        return self.given_prefix or prefix_of(self.main)

    @cached_property
    def version(self) -> KnownVersion:
        """Of the nginx that loads it; sought when first asked."""
        if self.given_version:
            return KnownVersion(self.given_version)
        return version_of(self.directives, is_here=self.is_here)

    def does(self, change: Change) -> bool:
        """Whether that nginx has a change. Raises Unknowable."""
        return self.version.does(change)

    @cached_property
    def http(self) -> "Http":
        """Servers and locations, built when first asked. Raises ConfigurationError for what the version refuses."""
        from clearway.fronts.nginx.scope import Http

        if self.given_version:
            check(self.directives, self.given_version)
        return Http.of(self)

    def full(self, path: str) -> str:
        """A path as nginx completes it."""
        return path if path.startswith("/") else f"{self.prefix.rstrip('/')}/{path}"


def read(
    main: str, paths: PathMap | None = None, prefix: str | None = None, version: Version | None = None
) -> Configuration:
    """The configuration of a main file, or of a file that holds the output of `nginx -T`, with that of `-V` or without.

    Raises ConfigurationError where nginx would refuse the text, OSError where the main file cannot be read.
    """
    paths = paths or PathMap()
    here = paths.here(str(Path(main).absolute()) if main == paths.here(main) else main)
    text = _text(Path(here))
    is_dump = dump.is_dump(text)
    reader = _Dump(text) if is_dump else _Disk(paths.there(here), paths)
    directives, problems = reader.whole(), tuple(reader.problems)
    arguments.count(directives)
    version = version or dump.version(text)
    is_here = not is_dump and not paths.pairs
    return Configuration(reader.main, directives, problems, paths, prefix, version, is_here)


class _Reader:
    """Follows includes; where the files are is told by the two below."""

    def __init__(self, main: str) -> None:
        self.main = main
        self.problems: list[ConfigurationError] = []
        self._depth = 0

    def whole(self) -> tuple[Directive, ...]:
        return self.file(self.main, Location(self.main, 1))

    def file(self, path: str, asked: Location) -> tuple[Directive, ...]:
        if self._depth > _DEEPEST:
            raise ConfigurationError(f"{path} includes itself", asked)
        text = self.text(path, asked)
        if text is None:
            return ()
        self._depth += 1
        try:
            return tree.parse(text, self.shown(path), self.include)
        finally:
            self._depth -= 1

    def include(self, words: tuple[str, ...], asked: Location) -> tuple[Directive, ...]:
        if len(words) != 1:
            raise ConfigurationError('invalid number of arguments in "include" directive', asked)
        path = str(Path(self.main).parent / words[0])
        names = self.matches(path) if any(mark in path for mark in "*?[") else [path]
        return tuple(each for name in names for each in self.file(name, asked))

    def shown(self, path: str) -> str:
        return path

    def text(self, path: str, asked: Location) -> str | None:
        raise NotImplementedError

    def matches(self, pattern: str) -> list[str]:
        raise NotImplementedError


class _Disk(_Reader):
    """The files of this machine, or those of a container that lie on it."""

    def __init__(self, main: str, paths: PathMap) -> None:
        super().__init__(main)
        self._paths = paths

    def shown(self, path: str) -> str:
        return self._paths.here(path)

    def text(self, path: str, asked: Location) -> str | None:
        try:
            return _text(Path(self._behind(path)))
        except PermissionError:
            self.problems.append(ConfigurationError(f"{self.shown(path)} cannot be read by this user", asked))
            return None
        except OSError as error:
            return self._elsewhere(path, asked, error)

    def _elsewhere(self, path: str, asked: Location, error: OSError) -> str | None:
        """What is to be taken for a file that is missing here. Raises ConfigurationError."""
        here, main = self._paths.here(path), self._paths.here(self.main)
        if not (is_elsewhere(main, here) or (is_copy(main) and (shipped(path) or self._is_part))):
            raise ConfigurationError(f'open() "{path}" failed ({error.strerror})', asked) from error
        if (text := shipped(path)) is not None:
            return text
        self.problems.append(ConfigurationError(f"{here} is not on this machine", asked))
        return None

    @cached_property
    def _is_part(self) -> bool:
        """Whether the main file is one that an `http` block includes, and paths are relative to another file."""
        text = _text(Path(self._paths.here(self.main)))
        return _has(text, "server") and not _has(text, "http")

    def _behind(self, path: str) -> str:
        """On this machine; an absolute link of a container leads to a path of the container."""
        here = Path(self._paths.here(path))
        for _ in range(_MOST_LINKS if self._paths.pairs else 0):
            if not here.is_symlink():
                break
            path = str(Path(path).parent / here.readlink())
            here = Path(self._paths.here(path))
        return str(here)

    def matches(self, pattern: str) -> list[str]:
        """In the order of their bytes, as glob(3) sorts in the C locale."""
        found = sorted(glob.iglob(self._paths.here(pattern)), key=os.fsencode)  # noqa: PTH207 - glob(3)
        return [self._paths.there(path) for path in found]


class _Dump(_Reader):
    """The files of a dump."""

    def __init__(self, text: str) -> None:
        self._files = dump.files(text)
        super().__init__(next(iter(self._files)))

    def text(self, path: str, asked: Location) -> str | None:
        if path not in self._files:
            self.problems.append(ConfigurationError(f"{path} is not in the dump", asked))
        return self._files.get(path)

    def matches(self, pattern: str) -> list[str]:
        parts = pattern.split("/")
        return sorted((path for path in self._files if _fits(path.split("/"), parts)), key=os.fsencode)


def _fits(path: list[str], pattern: list[str]) -> bool:
    """As glob(3): segment by segment, a leading dot only where it is written."""
    return len(path) == len(pattern) and all(
        fnmatch.fnmatchcase(name, wanted) and (not name.startswith(".") or wanted.startswith("."))
        for name, wanted in zip(path, pattern, strict=True)
    )


def _has(text: str, block: str) -> bool:
    return re.search(_BLOCK.format(block), text, re.MULTILINE) is not None


def _text(path: Path) -> str:
    """Bytes that are no UTF-8 survive; line ends stay."""
    return path.read_bytes().decode("utf-8", "surrogateescape")
