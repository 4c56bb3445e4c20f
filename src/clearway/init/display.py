"""A list, tuple or dict as it is written: parts with lines, commas and comments, and edits in its own style."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tokenize_rt import NON_CODING_TOKENS

from .source import Source, Splice

_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True)
class Part:
    """An element, or a key with its value: where it begins and ends, and where its comma ends (None: it has none)."""

    start: int
    end: int
    comma: int | None

    @property
    def past(self) -> int:
        """The end with its comma."""
        return self.end if self.comma is None else self.comma


class Display:
    """The brackets of a node. Raises `ValueError` for a tuple without any."""

    def __init__(self, source: Source, node: ast.expr) -> None:
        self.source = source
        self.is_tuple = isinstance(node, ast.Tuple)
        self.start, self.end = source.span(node)
        if source.text[self.start] not in _OPEN:
            raise ValueError("no brackets")

    @cached_property
    def parts(self) -> list[Part]:
        """In order."""
        return list(self._parts())

    def _parts(self) -> Iterator[Part]:
        source, depth, start, end = self.source, 0, -1, -1
        for index in range(source.token_at(self.start) + 1, len(source.tokens)):
            token, at = source.tokens[index], source.starts[index]
            if at >= self.end - 1:
                break
            if not depth and token.src == "," and start >= 0:
                yield Part(start, end, at + 1)
                start = -1
            elif token.name not in NON_CODING_TOKENS and token.src:
                depth += (token.src in _OPEN) - (token.src in _CLOSE) if token.name == "OP" else 0
                start, end = (at if start < 0 else start), at + len(token.src)
        if start >= 0:
            yield Part(start, end, None)

    # --- edits

    def replace(self, index: int, code: str) -> list[Splice]:
        """Another element in the place of one."""
        part = self.parts[index]
        return [Splice(part.start, part.end, code)]

    def after(self, index: int, code: str) -> list[Splice]:
        """A new element below one."""
        part, newline = self.parts[index], self.source.newline
        line, below = self.source.line_end(part.past), self._own_line_below(index)
        if self._owns_lines(part) and part.comma is None:
            return [Splice(part.end, part.end, ","), Splice(line, line, f"{self._indent(part)}{code}{newline}")]
        if self._owns_lines(part) or below is not None:
            return [Splice(line, line, f"{self._indent(below or part)}{code},{newline}")]
        return [Splice(part.end, part.end, f", {code}")]

    def first(self, code: str) -> list[Splice]:
        """A new element at the top, above comments about the others."""
        inside = self.start + 1
        if not self.parts:
            return [Splice(inside, inside, f"{code}," if self.is_tuple else code)]
        top, below = self.parts[0], self._own_line_below(0)
        line = self.source.line_end(inside)
        if self._owns_lines(top) and not self.source.text[inside:line].split("#")[0].strip():
            return [Splice(line, line, f"{self._indent(top)}{code},{self.source.newline}")]
        gap = f"{self.source.newline}{self._indent(below)}" if below is not None else " "
        return [Splice(top.start, top.start, f"{code},{gap}")]

    def last(self, code: str) -> list[Splice]:
        """A new element at the bottom."""
        return self.after(len(self.parts) - 1, code) if self.parts else self.first(code)

    def without(self, index: int, about: str) -> list[Splice]:
        """One element less, with its line and the comments directly above it that name what it is `about`."""
        part, others = self.parts[index], [each for each in self.parts if each != self.parts[index]]
        found = [self._owned(part, about) if self._owns_lines(part) else self._inline(index)]
        if self.is_tuple and len(others) == 1 and not _has_comma(self.source, others[0], found[0]):
            found.append(Splice(others[0].end, others[0].end, ","))
        return found

    def _owned(self, part: Part, about: str) -> Splice:
        start, end = self.source.line_start(part.start), self.source.line_end(part.past)
        while (above := self.source.line_start(start - 1)) > self.start and _names(
            self.source.text[above:start], about
        ):
            start = above
        return Splice(start, end, "")

    def _inline(self, index: int) -> Splice:
        part = self.parts[index]
        if index + 1 < len(self.parts):
            gap = self.source.text[part.past : self.parts[index + 1].start]
            return Splice(part.start, part.past + (len(gap) if not gap.strip(" \t") else 0), "")
        if index and part.comma is None:
            return Splice(self.parts[index - 1].end, part.end, "")
        return Splice(self.parts[index - 1].past if index else part.start, part.past, "")

    # --- style

    def quote(self, index: int | None = None) -> str:
        """What a string of it, or of the file, stands between."""
        parts = self.parts if index is None else [self.parts[index]]
        words = (self.source.text[part.start : part.end].lstrip("rRuUbB")[:1] for part in parts)
        return next((word for word in words if word in "'\""), self.source.quote)

    def _indent(self, part: Part) -> str:
        return self.source.text[self.source.line_start(part.start) : part.start]

    def _own_line_below(self, index: int) -> Part | None:
        """The next element, where a line begins with it and the one before ends with this one."""
        if index + 1 == len(self.parts):
            return None
        part, below = self.parts[index : index + 2]
        behind = self.source.text[part.past : self.source.line_end(part.past)].strip()
        return below if not self._indent(below).strip() and (not behind or behind.startswith("#")) else None

    def _owns_lines(self, part: Part) -> bool:
        """Whether its lines have nothing else but its comma and a comment."""
        text, line = self.source.text, self.source.line_end(part.past)
        behind = text[part.past : line].strip()
        return not self._indent(part).strip() and (not behind or behind.startswith("#"))


def _has_comma(source: Source, part: Part, gone: Splice) -> bool:
    return part.comma is not None and not gone.start < part.comma <= gone.end


def _names(line: str, about: str) -> bool:
    return line.lstrip().startswith("#") and re.search(about, line, re.IGNORECASE) is not None
