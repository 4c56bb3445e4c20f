"""The file that a path maps to: `root`, `alias`, and what is behind the location's name."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clearway.fronts.directive import Directive
from clearway.fronts.nginx.scope import Location
from clearway.fronts.nginx.value import evaluate
from clearway.fronts.unknowable import Unknowable

if TYPE_CHECKING:
    from clearway.fronts.nginx.request import Request

REGEX = -1  # the length of an alias within a regular expression: the alias is the whole name


class Ground(NamedTuple):
    """Where files of a level lie: the directory, and how much of the path an alias stands for (0 for a root)."""

    directory: str
    alias: int
    directive: Directive | None


class NotMapped(Exception):  # noqa: N818 - an answer
    """An alias cannot be used, since a rewrite took the path away from its location: 500."""


def ground(request: "Request") -> Ground:
    """Of the level that the request is at."""
    configuration = request.scope.configuration
    holder = request.scope.holder("root", "alias")
    if holder is None:
        return Ground(configuration.full("html"), 0, None)
    directive = holder.here("root", "alias")[-1]
    written = directive.words[0] if directive.words else ""
    if directive.name == "root":
        return Ground(configuration.full(evaluate(written.removesuffix("/"), request)), 0, directive)
    location = holder if isinstance(holder, Location) else None
    length = REGEX if location and location.regex else len(location.name) if location else 0
    return Ground(configuration.full(evaluate(written, request)), length, directive)


def rest(request: "Request", alias: int) -> str:
    """What follows the directory, of the request's path."""
    if alias and not request.valid_location:
        raise NotMapped
    if alias == REGEX:
        return request.path if request.adds_path_to_alias else ""
    if alias > len(request.path):  # the name of a location without its last slash; nginx copies foreign memory then
        raise Unknowable("A file is named for a path that is shorter than its location: what nginx does is undefined.")
    return request.path[alias:]


def name(request: "Request") -> str:
    """The file of the request. Raises NotMapped."""
    found = ground(request)
    return found.directory + rest(request, found.alias)


def root(request: "Request") -> str:
    """`$document_root`."""
    return ground(request).directory


def real_root(request: "Request") -> str:
    """`$realpath_root`: its links resolved; empty where the worker cannot reach it."""
    paths, directory = request.server.configuration.paths, root(request)
    if not request.files.look(directory).exists:
        return ""
    return paths.there(str(Path(paths.here(directory)).resolve()))


def plain(path: str) -> str:
    """Without doubled slashes and dots: as people write it."""
    parts: list[str] = []
    for part in re.sub("/+", "/", path).split("/"):
        if part == ".." and len(parts) > 1:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "/"
