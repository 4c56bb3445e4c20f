"""What is code in a script, and what is a comment, a string, a template or a regular expression (ECMA-262 §12).

A lexer without a parser. Whether `/` divides or begins a regular expression is decided by the token before it; after
`)` and `}` by what stands before the bracket that they close. Every octet is read a bounded number of times, and
nothing recurses. Text is Latin-1, so that a position is the offset of an octet; octets beyond ASCII count as letters.
"""

import re

# Patterns of ECMA-262 in octets of UTF-8; WIDE_SPACE is white space beyond ASCII (no-break space, line separator …).
WIDE_SPACE = r"\xc2\xa0|\xef\xbb\xbf|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
LINE_COMMENT = r"//(?:[^\n\r\xe2]|\xe2(?!\x80[\xa8\xa9]))*+"
DOUBLE_QUOTED = r"(?:[^\"\\\n\r]|\\(?:\r\n|.))*+"
SINGLE_QUOTED = r"(?:[^'\\\n\r]|\\(?:\r\n|.))*+"
TEMPLATE_TEXT = r"(?:[^`\\$]|\\.|\$(?!\{))*+"

_PARTS = rf"""
    (?P<leaf>\([^(){{}}"'`/\\]*+\))
    | (?P<opening>[({{])
    | (?P<closing>[)}}])
    | (?P<string>"{DOUBLE_QUOTED}"?|'{SINGLE_QUOTED}'?)
    | (?P<comment>{LINE_COMMENT}|/\*.*?(?:\*/|\Z))
    | (?P<slash>/)
    | (?P<template>`)
    | (?P<escape>\\(?:u\{{[0-9a-fA-F]*+\}})?)
"""
_TOKEN = re.compile(_PARTS, re.VERBOSE | re.DOTALL)
# Only at the start of a line: modules have no such comments, and a minifier may write `a<!--b` and mean operators.
_MARKUP_LINE = r"(?:^|(?<=\r))[ \t]*+(?P<markup><!--|-->)[^\n\r]*+"
_TOKEN_OR_MARKUP = re.compile(rf"{_MARKUP_LINE}|{_PARTS}", re.VERBOSE | re.DOTALL | re.MULTILINE)
_TEMPLATE_PART = re.compile(rf"{TEMPLATE_TEXT}(?:`|(?P<code>\$\{{)|\Z|\\)", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*+\])++/")
_HASHBANG = re.compile(r"(?:\xef\xbb\xbf)?#![^\n\r]*+")
_MARKUP = re.compile(_MARKUP_LINE, re.MULTILINE)
_WIDE_SPACE = re.compile(rf"(?:{WIDE_SPACE})\Z")
_WORD = re.compile(r"[\w$\x80-\xff]++\Z", re.ASCII)

_LONGEST_KEYWORD = len("instanceof")
_MISREAD = 20  # slashes that turned out to begin no regular expression, after which none is taken for one
_HEADS = frozenset({"if", "while", "for", "with"})
_BEFORE_STATEMENT = frozenset({"do", "else"})
_BEFORE_VALUE = frozenset({"case", "default", "extends", "return", "throw", "break", "continue", "debugger"})
_OPERATORS = frozenset({"await", "delete", "in", "instanceof", "new", "typeof", "void", "yield"})
_BEFORE_OBJECT = _BEFORE_VALUE | _OPERATORS
_BEFORE_OPERAND = _BEFORE_OBJECT | _BEFORE_STATEMENT


class Lexer:
    """Reads a script as far as it is asked. Positions must be asked for in ascending order."""

    def __init__(self, text: str) -> None:
        self._text = text
        has_markup = ("<!--" in text or "-->" in text) and _MARKUP.search(text)
        self._search = (_TOKEN_OR_MARKUP if has_markup else _TOKEN).search
        self._open: list[int] = []  # positions of brackets; of `$` where code stands in a template
        self._closed: int | None = None  # the bracket that was closed last
        self._escape_end = self._regex_end = -1
        self._misread = 0
        self._comments: dict[int, int] = {}  # starts by ends
        hashbang = _HASHBANG.match(text)
        self._read_to = hashbang.end() if hashbang else 0
        self._token = self._search(text, self._read_to)

    def is_code(self, position: int) -> bool:
        """Whether a token may begin at `position`: it is inside no string, comment, regular expression or template."""
        while (token := self._token) and token.start() < position:
            kind = str(token.lastgroup)
            if kind == "leaf" and position < token.end():
                return True
            self._read_to = self._read(token, kind)
            self._token = self._search(self._text, self._read_to)
        return position >= self._read_to

    def before(self, position: int) -> int:
        """Where the code before `position` ends: white space and comments do not count."""
        text, comments = self._text, self._comments
        while position:
            character = text[position - 1]
            if character in " \t\n\r\v\f":
                position -= 1
            elif position in comments:
                position = comments[position]
            elif character >= "\x80" and (space := _WIDE_SPACE.search(text, max(0, position - 3), position)):
                position = space.start()
            else:
                break
        return position

    def word(self, end: int) -> str:
        """The word that ends at `end`, if it may be a keyword; empty where it names a property."""
        found = _WORD.search(self._text, max(0, end - _LONGEST_KEYWORD - 1), end)
        return found[0] if found and not self.is_name(found.start()) else ""

    def is_name(self, start: int) -> bool:
        """Whether the word at `start` names a property (after `.` or `#`) or is only the end of a longer word."""
        end = self.before(start)
        last = self._text[end - 1 : end] if end else ""
        if last == ".":
            return self._text[max(0, end - 3) : end] != "..."
        return end == start and (last == "#" or bool(_WORD.match(last)) or end == self._escape_end)

    def _read(self, token: re.Match[str], kind: str) -> int:
        """Take a token in; returns where the next one may begin."""
        if kind == "opening":
            self._open.append(token.start())
        elif kind == "closing":
            return self._close(token.end())
        elif kind == "leaf":
            self._closed = token.start()
        elif kind == "slash":
            return self._slash(token.start())
        elif kind == "template":
            return self._template(token.end())
        elif kind in ("comment", "markup"):
            self._comments[token.end()] = token.start()
        elif kind == "escape":
            self._escape_end, self._closed = token.end(), None
        return token.end()

    def _close(self, end: int) -> int:
        text, opened = self._text, self._open
        wanted = "(" if text[end - 1] == ")" else "{$"
        while opened and text[opened[-1]] not in wanted and wanted != "(":
            opened.pop()  # unbalanced: a brace is the better witness
        self._closed = opened.pop() if opened and text[opened[-1]] in wanted else None
        if self._closed is not None and text[self._closed] == "$":
            return self._template(end)
        return end

    def _template(self, position: int) -> int:
        found = _TEMPLATE_PART.match(self._text, position)
        if not found:
            return len(self._text)
        if found["code"]:
            self._open.append(found.start("code"))
        return found.end()

    def _slash(self, start: int) -> int:
        if self._misread < _MISREAD and self._expects_operand(start):
            if found := _REGEX.match(self._text, start):
                self._regex_end = found.end()
                return found.end()
            self._misread += 1
        return start + 1

    def _expects_operand(self, position: int) -> bool:
        """Whether the grammar wants a value here, so that `/` begins a regular expression."""
        end = self.before(position)
        last = self._text[end - 1 : end] if end else ""
        if _WORD.match(last):
            return self._is_before_operand(end)
        if last == ")":
            return self._closed is not None and self._ends_head(self._closed)
        if last == "}":
            return self._closed is not None and self._begins_block(self._closed)
        if last == ".":
            return not self._text[end - 2 : end - 1].isdigit()
        if last in ("+", "-"):
            return self._text[end - 2 : end - 1] != last
        return last not in ("]", '"', "'", "`") and end != self._regex_end

    def _is_before_operand(self, end: int) -> bool:
        word = self.word(end)
        if word == "of":  # also a common name of functions; a keyword after the variable of a loop
            end = self.before(end - len(word))
            last = self._text[end - 1 : end]
            return last in ("]", "}") or bool(_WORD.match(last))
        return word in _BEFORE_OPERAND

    def _ends_head(self, bracket: int) -> bool:
        """Whether the round bracket belongs to `if (…)` and the like, which a statement follows."""
        end = self.before(bracket)
        word = self.word(end)
        return word in _HEADS or (word == "await" and self.word(self.before(end - len(word))) == "for")

    def _begins_block(self, bracket: int) -> bool:
        """Whether the brace opens a block, not an object: what follows its end is then a new statement."""
        end = self.before(bracket)
        last = self._text[end - 1 : end] if end else ""
        if _WORD.match(last):
            return self.word(end) not in _BEFORE_OBJECT
        after = self._text[max(0, end - 2) : end]
        return last in ("", ")", ";", "{", "}", "]", '"', "'", "`", "/") or after in ("=>", "++", "--")
