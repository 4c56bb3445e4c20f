"""One case of a front: a configuration as a tree of directives, a tree of files with modes, and requests.

Words may hold marks, which are replaced when the case is given its place: `@D@` its documents, `@R@` the same relative
to the prefix, `@I@` its snippets, `@P@` its port, `@N@` its number, `@A@`, `@B@` and `@S@` the upstreams.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from zlib import crc32

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
    """Lines, with the directive that begins on each; a few are written in a way of their own."""
    lines: list[Line] = []
    for node in nodes:
        words = [node.name, *map(place.fill, node.words)]
        indent = "    " * depth
        if node.block is None or node.name == "include":
            lines += _statement(indent, words, ";", node)
        else:
            lines += _statement(indent, words, "{", node)
            lines += written(node.block, place, depth + 1)
            lines.append((f"{indent}}}", None))
    return lines


def _statement(indent: str, words: list[str], end: str, node: Node) -> list[Line]:
    """The same for the same directive wherever it stands, so that it does not change while a case is made smaller."""
    way = crc32(repr((node.name, node.words)).encode()) % 50
    blank = " " if end == "{" else ""
    line = f"{indent}{' '.join(words)}{blank}{end}"
    if way == 0:
        return [(f"{indent}# {words[0]} \"{{;'", None), (line, node)]
    if way == 1:
        rest: list[Line] = [(f"{indent}  {word}", None) for word in words[1:]]
        return [(indent + words[0], node), *rest, (indent + end, None)]
    if way == 2:
        return [(f"{line}  # so; it {{ is", node)]
    if way == 3:
        return [(f"{line}\r", node), ("\r", None)]
    if way == 4:
        return [(indent + "\t".join(words) + f"\t{end}", node)]
    if way == 5 and not words[-1].endswith("$"):  # `${` would be a variable
        return [(f"{indent}{' '.join(words)}{end}", node)]
    return [(line, node)]


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
