"""A Python file: its text, its tree and its tokens, so that an edit leaves every other character where it is."""

import ast
import io
import re
import tokenize
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tokenize_rt import Token, src_to_tokens, tokens_to_src

from clearway.editing.errors import EditError

_LONE = re.compile(r"\r(?!\n)")


class UnreadableError(EditError):
    """A file that cannot be read as Python; the message says why."""


@dataclass(frozen=True, order=True)
class Splice:
    """A text in place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all of them, which do not overlap; of two at one place the first stands first."""
    for splice in sorted(splices, key=lambda each: (each.start, each.end), reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


class Source:
    """A module of a project. Raises `UnreadableError`."""

    def __init__(self, path: Path, text: str, module: str = "", encoding: str = "utf-8") -> None:
        self.path, self.text, self.module, self.encoding = path, text, module, encoding
        try:
            self.tree = ast.parse(text)
            self.tokens: list[Token] = src_to_tokens(text)
        except (SyntaxError, ValueError, tokenize.TokenError) as error:
            raise UnreadableError(f"{path} is no Python: {error}") from None
        if _LONE.search(text) or tokens_to_src(self.tokens) != text:
            raise UnreadableError(f"{path} has line ends that cannot be kept")

    @classmethod
    def read(cls, path: Path, module: str = "") -> "Source":
        """From the disk, in the encoding that its first lines name. Raises `UnreadableError`."""
        try:
            data = path.read_bytes()
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            return cls(path, data.decode(encoding), module, encoding)
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise UnreadableError(f"{path} cannot be read: {error}") from None

    # --- places

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The characters of a node, without parentheses around it."""
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def part(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def token_at(self, offset: int) -> int:
        """The index of the token that begins there."""
        return bisect_right(self.starts, offset) - 1

    def line_start(self, offset: int) -> int:
        """Where the line of a character begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the next line begins."""
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found + 1

    def _offset(self, line: int, column: int) -> int:
        start = self._lines[line - 1]
        return start + len(self.text[start : self.line_end(start)].encode()[:column].decode())

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def starts(self) -> list[int]:
        """Where each token begins."""
        found, at = [], 0
        for token in self.tokens:
            found.append(at)
            at += len(token.src)
        return found

    # --- habits

    @cached_property
    def newline(self) -> str:
        """What ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def quote(self) -> str:
        """What most of its strings stand between."""
        strings = [token.src.lstrip("rRbBuU")[:1] for token in self.tokens if token.name == "STRING"]
        return max(Counter(strings).items(), key=lambda row: row[1], default=('"', 0))[0]

    @cached_property
    def indent(self) -> str:
        """One step of its indentation."""
        found = re.search(r"[\[{(:][ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*([ \t]+)\S", self.text)
        return found[1] if found else "    "
