"""One case of a front: a configuration as a tree of directives, a tree of files with modes, and requests.

Words may hold marks, which are replaced when the case is given its place: `@D@` its documents, `@R@` the same relative
to the prefix, `@I@` its snippets, `@P@` its port, `@N@` its number, `@A@`, `@B@` and `@S@` the upstreams.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from clearway.fronts.acl import Entry as Rule

MARK = re.compile(r"@([A-Z])@")


@dataclass(frozen=True)
class Node:
    """A directive as it is written. The block of an `include` holds one `file` for each file that it brings in."""

    name: str
    words: tuple[str, ...] = ()
    block: tuple["Node", ...] | None = None

    def walk(self) -> Iterator["Node"]:
        yield self
        for each in self.block or ():
            yield from each.walk()


@dataclass(frozen=True)
class Entry:
    """Something below the documents. Without a `target` or `is_directory` it is a file whose content is its name."""

    path: str
    mode: int = 0o644
    is_directory: bool = False
    target: str | None = None
    owner: tuple[int, int] = (0, 0)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Request:
    """`host` is None for a request without Host, which is then one of HTTP/1.0."""

    method: str = "GET"
    host: str | None = "localhost"
    target: str = "/"
    fields: Mapping[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"
    client: str = "127.0.0.1"


@dataclass(frozen=True)
class Case:
    """`frame` is what stands at the level of `http` and is shared with others; `nodes` are its own maps and servers."""

    frame: tuple[Node, ...]
    nodes: tuple[Node, ...]
    entries: tuple[Entry, ...]
    requests: tuple[Request, ...]
    name: str = ""


@dataclass(frozen=True)
class Place:
    """Where a case is put: the directory that holds all, its number there, its port, the upstreams by their marks."""

    home: Path
    number: int
    port: int
    upstreams: Mapping[str, str]

    @property
    def directory(self) -> Path:
        return self.home / f"c{self.number}"

    @property
    def documents(self) -> Path:
        return self.directory / "docs"

    def fill(self, text: str) -> str:
        """The text with its marks replaced."""
        return MARK.sub(lambda found: self._value(found[1]), text)

    def _value(self, mark: str) -> str:
        own = {
            "D": str(self.documents),
            "R": f"c{self.number}/docs",
            "I": f"c{self.number}/snippets",
            "P": str(self.port),
            "N": f"n{self.number}",
        }
        return own.get(mark) or self.upstreams[mark]


Line = tuple[str, Node | None]


def written(nodes: tuple[Node, ...], place: Place, depth: int = 0) -> list[Line]:
    """Lines, with the directive that begins on each; a directive takes one line."""
    lines: list[Line] = []
    for node in nodes:
        words = " ".join([node.name, *map(place.fill, node.words)])
        indent = "    " * depth
        if node.block is None or node.name == "include":
            lines.append((f"{indent}{words};", node))
        else:
            lines.append((f"{indent}{words} {{", node))
            lines += written(node.block, place, depth + 1)
            lines.append((f"{indent}}}", None))
    return lines


def snippets(nodes: tuple[Node, ...], place: Place) -> Iterator[tuple[Path, list[Line]]]:
    """The files that are included, with their lines."""
    for each in (each for node in nodes for each in node.walk() if each.name == "file"):
        yield place.home / place.fill(each.words[0]), written(each.block or (), place)


def text(lines: list[Line]) -> str:
    return "".join(f"{line}\n" for line, _ in lines)


def rebuilt(nodes: tuple[Node, ...], change: Callable[[Node], tuple[Node, ...]]) -> tuple[Node, ...]:
    """The tree with every directive replaced by what `change` makes of it, the innermost first."""
    out: list[Node] = []
    for node in nodes:
        inner = node if node.block is None else replace(node, block=rebuilt(node.block, change))
        out += change(inner)
    return tuple(out)
