"""The words of a Caddyfile: quotes, backticks, heredocs, comments, and `{$VARIABLE}` of the environment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location

_VARIABLE = re.compile(r"\{\$([^}]*)\}", re.DOTALL)
_HEREDOC = re.compile(r"<<([A-Za-z0-9_-]+)\r?\n")


@dataclass(frozen=True)
class Token:
    """A word, where it begins and on which line it ends; `quote` is the mark around it, or empty.

    `snippet` is the name of the snippet that it was written in, empty outside of any.
    """

    text: str
    file: str
    line: int
    end: int
    quote: str = ""
    snippet: str = ""

    @property
    def location(self) -> Location:
        return Location(self.file, self.line)


def tokens(text: str, file: str, environ: Mapping[str, str]) -> tuple[Token, ...]:
    """All words of a file. Raises ConfigurationError for a heredoc that does not end."""
    return tuple(_Lexer(expanded(text, environ).removeprefix("\ufeff"), file).words())


def expanded(text: str, environ: Mapping[str, str]) -> str:
    """With `{$NAME}` and `{$NAME:default}` replaced; what is put in is not looked at again."""
    return _VARIABLE.sub(lambda found: _value(found, environ), text)


def variables(text: str) -> Iterator[str]:
    """The names of variables without a default."""
    return (found[1] for found in _VARIABLE.finditer(text) if found[1] and ":" not in found[1])


def _value(found: re.Match[str], environ: Mapping[str, str]) -> str:
    if not found[1]:
        return found[0]
    name, _, default = found[1].partition(":")
    return environ.get(name, default)


class _Lexer:
    """Walks over the text character by character; `line` counts the ends of lines, also those in words."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._at, self._line, self._skipped = 0, 1, 0

    def words(self) -> Iterator[Token]:
        while self._to_word():
            mark = self._text[self._at]
            if mark in '"`':
                yield self._quoted(mark)
            elif found := _HEREDOC.match(self._text, self._at):
                yield self._heredoc(found)
            else:
                yield self._plain()

    def _to_word(self) -> bool:
        """Over space and comments."""
        text, length = self._text, len(self._text)
        while self._at < length:
            character = text[self._at]
            if character == "#":
                end = text.find("\n", self._at)
                self._at = length if end < 0 else end
            elif character == "\\" and text[self._at + 1 : self._at + 3].replace("\r", "").startswith("\n"):
                # a line goes on: lines are counted only where the next one ends
                self._at = text.index("\n", self._at) + 1
                self._skipped += 1
            elif character.isspace():
                self._at += 1
                if character == "\n":
                    self._line += 1 + self._skipped
                    self._skipped = 0
            else:
                return True
        return False

    def _plain(self) -> Token:
        start, text = self._at, self._text
        while self._at < len(text) and not text[self._at].isspace():
            if text[self._at] == "\\" and re.match(r"\\\r?\n", text[self._at : self._at + 3]):
                break
            self._at += 1
        return Token(text[start : self._at], self._file, self._line, self._line)

    def _quoted(self, mark: str) -> Token:
        """Only the quotation mark itself is escaped, and in backticks nothing is."""
        line, out, text = self._line, [], self._text
        self._at += 1
        while self._at < len(text) and text[self._at] != mark:
            if mark == '"' and text[self._at : self._at + 2] == '\\"':
                self._at += 1
            elif mark == '"' and text[self._at] == "\\" and self._at + 1 < len(text):
                out.append("\\")
                self._at += 1
            out.append(text[self._at])
            self._at += 1
        self._at += 1
        word = "".join(out)
        self._line += word.count("\n")
        return Token(word, self._file, line, self._line, mark)

    def _heredoc(self, found: re.Match[str]) -> Token:
        """As of Caddy 2.7: `<<NAME`, lines, `NAME`; the indentation of the last line is taken from all."""
        line = self._line
        end = re.compile(rf"^([ \t]*){re.escape(found[1])}(?=\s|\Z)", re.MULTILINE).search(self._text, found.end())
        if end is None:
            raise ConfigurationError(f"the heredoc <<{found[1]} does not end", Location(self._file, line))
        rows = self._text[found.end() : end.start()].replace("\r", "").split("\n")
        self._line += self._text.count("\n", self._at, end.end())
        self._at = end.end()
        word = "\n".join(row.removeprefix(end[1]) for row in rows).removesuffix("\n")
        return Token(word, self._file, line, self._line, "<")
