"""The text of a configuration as directives: nginx's words, quotes, comments and blocks."""

import re
from bisect import bisect_right
from collections.abc import Callable

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location

# How an `include` is followed: its words and its place to the directives that stand there instead.
Include = Callable[[tuple[str, ...], Location], tuple[Directive, ...]]

# A word ends at white space, `;` or `{`, but `${` belongs to it; behind a closing quote stands one of these, or `)`.
_TOKEN = re.compile(
    r"""(?:[ \t\r\n]+ | \#[^\n]*)*
    (?: (?P<mark>[;{}])
      | "(?P<double>(?:[^"\\]|\\.)*)"(?=[\s;{)])
      | '(?P<single>(?:[^'\\]|\\.)*)'(?=[\s;{)])
      | (?P<word>(?:[^\s;{"'\\$]|\\.|\$\{?)(?:[^\s;{\\$]|\\.|\$\{?)*)
      | (?P<stray>.)
      | (?P<end>\Z) )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\([\"'\\trn])")
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n"}

# What can hide a brace in Lua: comments and strings, short and long.
_LUA = re.compile(
    r"""--\[(?P<c>=*)\[.*?\](?P=c)\] | --[^\n]* | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | \[(?P<s>=*)\[.*?\](?P=s)\] | (?P<brace>[{}])""",
    re.VERBOSE | re.DOTALL,
)


def parse(text: str, file: str, include: Include) -> tuple[Directive, ...]:
    """The directives of one file, included ones in their place. Raises ConfigurationError where nginx would stop."""
    return _Parser(text, file, include).everything()


class _Parser:
    """One file, read from the start."""

    def __init__(self, text: str, file: str, include: Include) -> None:
        self._text = text
        self._file = file
        self._include = include
        self._at = 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def everything(self) -> tuple[Directive, ...]:
        return self._block(None)

    def _block(self, opened: Location | None) -> tuple[Directive, ...]:
        """Up to the brace that closes it; of the whole file where none was opened."""
        found: list[Directive] = []
        while True:
            words, start, mark = self._statement()
            where = Location(self._file, bisect_right(self._breaks, start - 1) + 1)
            if not words:
                self._closed(mark, opened, where)
                return tuple(found)
            found += self._directive(words, where, mark)

    def _closed(self, mark: str, opened: Location | None, where: Location) -> None:
        if mark == "" and opened:
            raise ConfigurationError('unexpected end of file, expecting "}"', opened)
        if mark in {";", "{"} or (mark == "}" and not opened):
            raise ConfigurationError(f'unexpected "{mark}"', where)

    def _directive(self, words: list[str], where: Location, mark: str) -> tuple[Directive, ...]:
        name, rest = words[0], tuple(words[1:])
        if mark not in {";", "{"}:
            ending = f'unexpected "{mark}"' if mark else "unexpected end of file"
            raise ConfigurationError(f'{ending}, directive "{name}" is not terminated by ";"', where)
        if mark == ";":
            return self._include(rest, where) if name == "include" else (Directive(name, rest, where),)
        if name.endswith("_by_lua_block"):
            return (Directive(name, (*rest, self._lua(where)), where, ()),)
        return (Directive(name, rest, where, self._block(where)),)

    def _statement(self) -> tuple[list[str], int, str]:
        """The words up to a mark, where the first begins, and the mark; `` at the end of the file."""
        words: list[str] = []
        start = -1
        while match := _TOKEN.match(self._text, self._at):
            kind = match.lastgroup or "end"
            if start < 0:
                start = match.start(kind) - (kind in {"double", "single"})
            if kind == "mark" and match["mark"] == "}" and words:
                return words, start, "}"
            self._at = match.end()
            if kind in {"mark", "end"}:
                return words, start, match[kind]
            if kind == "stray":
                where = Location(self._file, bisect_right(self._breaks, match.start("stray") - 1) + 1)
                raise ConfigurationError(f"unexpected {match['stray']!r}: a quote is not closed or glued", where)
            words.append(_unescaped(match[kind]))
        return words, max(start, 0), ""

    def _lua(self, where: Location) -> str:
        depth, begin = 1, self._at
        for match in _LUA.finditer(self._text, begin):
            depth += {"{": 1, "}": -1}.get(match["brace"] or "", 0)
            if depth == 0:
                self._at = match.end()
                return self._text[begin : match.start()]
        raise ConfigurationError("the Lua block is not closed", where)


def _unescaped(word: str) -> str:
    if "\\" not in word:
        return word
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), word)
