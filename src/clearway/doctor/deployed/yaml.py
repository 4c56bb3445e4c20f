"""YAML 1.2 as deployment files use it: block and flow collections, every kind of scalar, anchors and merge keys.

Scalars stay text, except null. What is outside of this raises: complex keys, several documents, templates of Helm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .yaml_scalars import YamlError, flow, key_of, plain, quoted

__all__ = ["Document", "YamlError", "parse"]


@dataclass(frozen=True)
class Document:
    """The value of a document, and the line (from 1) of each entry by its path of keys and places."""

    value: Any
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of an entry, else of the nearest above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def get(self, *path: str | int) -> Any:
        """The value at a path; None where there is none."""
        value = self.value
        for part in path:
            is_there = part in value if isinstance(value, dict) else part in range(len(value or ()))
            if not (is_there and isinstance(value, dict | list)):
                return None
            value = value[part]  # type: ignore[index]
        return value


def parse(text: str) -> Document:
    """Raises `YamlError`."""
    reader = _Reader(text)
    value = reader.block(-1, ())
    reader.end()
    return Document(value, reader.places)


class _Reader:
    """A cursor over lines; what stands deeper belongs to what stands before it."""

    def __init__(self, text: str) -> None:
        self._lines = text.lstrip("\ufeff").splitlines()
        self._at = 0
        self._anchors: dict[str, Any] = {}
        self.places: dict[tuple[str | int, ...], int] = {}

    def end(self) -> None:
        if self._next() is not None:
            raise YamlError(f"line {self._at + 1}: not understood")

    def _next(self) -> tuple[int, str] | None:
        """(indentation, content) of the next line that says something."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            content = line.strip()
            is_marker = line.startswith(("---", "%")) and not self.places and content[3:].strip() == ""
            if content and not content.startswith("#") and not is_marker:
                if content == "..." or line.startswith("---"):
                    raise YamlError(f"line {self._at + 1}: a second document")
                indent = len(line) - len(line.lstrip(" "))
                if line[indent] == "\t":
                    raise YamlError(f"line {self._at + 1}: indented with a tab")
                return indent, content
            self._at += 1
        return None

    def block(self, outer: int, path: tuple[str | int, ...]) -> Any:
        """What stands deeper than `outer`."""
        found = self._next()
        if found is None or found[0] <= outer:
            return None
        indent, content = found
        if _is_item(content):
            return self._sequence(indent, path)
        if key_of(content):
            return self._mapping(indent, path)
        if content.startswith("? "):
            raise YamlError(f"line {self._at + 1}: a key that is no scalar")
        self._at += 1
        return self._value(content, outer, path)

    def _mapping(self, indent: int, path: tuple[str | int, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: list[Any] = []
        while (found := self._next()) and found[0] == indent and not _is_item(found[1]):
            split = key_of(found[1])
            if split is None:
                raise YamlError(f"line {self._at + 1}: no key")
            key, rest = split
            self.places[*path, key] = self._at + 1
            self._at += 1
            value = self._value(rest, indent, (*path, key), is_entry=True)
            if key == "<<":
                merged += value if isinstance(value, list) else [value]
            else:
                made[key] = value
        self._not_deeper(indent)
        for each in merged:
            taken = self._anchors.get(each.removeprefix("*")) if isinstance(each, str) else each
            made = {**taken, **made} if isinstance(taken, dict) else made
        return made

    def _sequence(self, indent: int, path: tuple[str | int, ...]) -> list[Any]:
        made: list[Any] = []
        while (found := self._next()) and found[0] == indent and _is_item(found[1]):
            here: tuple[str | int, ...] = (*path, len(made))
            self.places[here] = self._at + 1
            rest = found[1][1:].lstrip()
            if _is_item(rest) or key_of(rest):
                inner = indent + len(found[1]) - len(rest)
                self._lines[self._at] = " " * inner + rest
                made.append(self.block(indent, here))
            else:
                self._at += 1
                made.append(self._value(rest, indent, here))
        self._not_deeper(indent)
        return made

    def _not_deeper(self, indent: int) -> None:
        found = self._next()
        if found and found[0] > indent:
            raise YamlError(f"line {self._at + 1}: indented too far")

    def _value(self, rest: str, indent: int, path: tuple[str | int, ...], *, is_entry: bool = False) -> Any:
        """What follows `key:` or `-`, on this line and on those below that belong to it."""
        anchor = ""
        while rest[:1] in ("&", "!"):
            word, _, rest = rest.partition(" ")
            anchor, rest = word[1:] if word[0] == "&" else anchor, rest.strip()
        value = self._bare(rest, indent, path, is_entry=is_entry)
        if anchor:
            self._anchors[anchor] = value
        return value

    def _bare(self, rest: str, indent: int, path: tuple[str | int, ...], *, is_entry: bool) -> Any:
        if not rest or rest.startswith("#"):
            found = self._next()
            if is_entry and found and found[0] == indent and _is_item(found[1]):
                return self._sequence(indent, path)
            return self.block(indent, path)
        if rest[0] in "|>":
            return self._literal(rest, indent)
        if rest[0] == "*":
            name = rest[1:].partition(" ")[0]
            if name not in self._anchors:
                raise YamlError(f"line {self._at}: nothing is called {name}")
            return self._anchors[name]
        if rest[0] in "[{":
            return self._continued(rest, flow)
        if rest[0] in "'\"":
            return self._continued(rest, quoted)
        return self._folded(rest, indent)

    def _continued(self, rest: str, read: Any) -> Any:
        """A scalar or collection that ends with its closing sign, on this line or below."""
        while True:
            try:
                return read(rest)
            except EOFError:
                if self._at >= len(self._lines):
                    raise YamlError("a quote or a bracket is not closed") from None
                rest += " " + self._lines[self._at].strip()
                self._at += 1

    def _folded(self, rest: str, indent: int) -> str | None:
        words = [plain(rest)]
        while (found := self._next()) and found[0] > indent:
            if key_of(found[1]):
                raise YamlError(f"line {self._at + 1}: indented too far")
            words.append(plain(found[1]))
            self._at += 1
        text = " ".join(words)
        return None if text in ("~", "null", "Null", "NULL") else text

    def _literal(self, rest: str, indent: int) -> str:
        """A block scalar: `|` keeps its lines, `>` joins them."""
        taken: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            taken.append(line)
            self._at += 1
        depth = min((len(line) - len(line.lstrip(" ")) for line in taken if line.strip()), default=0)
        inner = [line[depth:] for line in taken]
        joined = "\n".join(inner) if rest[0] == "|" else " ".join(line.strip() for line in inner)
        return joined.strip("\n ") + ("" if "-" in rest[:3] else "\n")


def _is_item(content: str) -> bool:
    return content == "-" or content.startswith("- ")
