"""Words to blocks: site addresses, their directives, snippets and imports."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location

from .lexing import Token

_ARGUMENT = re.compile(r"\{args(?:\.(\d+)|\[(\d*)(:?)(\d*)\])\}")
_MOST = 10_000  # imports, before one of them is said to be of itself

Import = Callable[[str, Token], Sequence[Token]]


@dataclass(frozen=True)
class Block:
    """A site: its addresses as they are written, and its directives. Without addresses it holds the options."""

    keys: tuple[Token, ...]
    directives: tuple[Directive, ...]

    @property
    def location(self) -> Location:
        return self.keys[0].location if self.keys else self.directives[0].location


def parse(words: Sequence[Token], imported: Import) -> tuple[Block, ...]:
    """The blocks in order. `imported` gives the words of a file or pattern. Raises ConfigurationError."""
    return tuple(_Parser(words, imported).blocks())


class _Parser:
    def __init__(self, words: Sequence[Token], imported: Import) -> None:
        self._words = list(words)
        self._at = 0
        self._read = imported
        self._snippets: dict[str, tuple[Token, ...]] = {}
        self._imports = 0

    def blocks(self) -> Iterable[Block]:
        while self._at < len(self._words):
            keys = self._keys()
            name = keys[0].text[1:-1] if len(keys) == 1 and re.fullmatch(r"\(.*\)", keys[0].text, re.DOTALL) else None
            if name is not None:
                self._snippet(name, keys[0])
                continue
            block = self._block(keys)
            if block.keys or block.directives:
                yield block

    # --- addresses

    def _keys(self) -> tuple[Token, ...]:
        """The addresses before a block; a comma lets them go on in the next line."""
        keys: list[Token] = []
        goes_on = False
        while self._at < len(self._words):
            word = self._words[self._at]
            if word.text == "import" and self._begins_line():
                self._import()
                continue
            if word.text == "{":
                if goes_on:
                    raise ConfigurationError("another address is expected before {", word.location)
                break
            if keys and not goes_on and self._begins_line():
                break
            goes_on = self._key(word, keys)
            self._at += 1
        return tuple(keys)

    def _key(self, word: Token, keys: list[Token]) -> bool:
        if word.text.endswith("{"):
            raise ConfigurationError(f"a space is missing before the brace of {word.text!r}", word.location)
        goes_on, text = word.text.endswith(","), word.text.removesuffix(",")
        if "," in text:
            raise ConfigurationError(f"a space is missing after the comma of {word.text!r}", word.location)
        if text:
            keys.append(replace(word, text=text))
        return goes_on

    # --- blocks

    def _block(self, keys: tuple[Token, ...]) -> Block:
        if self._at >= len(self._words):
            return Block(keys, ())
        has_braces = self._words[self._at].text == "{"
        opening = self._words[self._at]
        self._at += has_braces
        directives = tuple(self._lines(nested=has_braces, opening=opening))
        return Block(keys, directives)

    def _lines(self, *, nested: bool, opening: Token) -> Iterable[Directive]:
        """Directives up to the closing brace, or to the end of the file where there is none to come."""
        while self._at < len(self._words):
            word = self._words[self._at]
            if word.text == "}" and not word.quote:
                if not nested:
                    raise ConfigurationError("unexpected }", word.location)
                self._at += 1
                return
            if word.text == "import" and not word.quote:
                self._import()
            else:
                yield self._directive()
        if nested:
            raise ConfigurationError("the block is not closed: } is missing", opening.location)

    def _directive(self) -> Directive:
        first = self._words[self._at]
        self._at += 1
        words: list[Token] = []
        block: tuple[Directive, ...] | None = None
        while self._at < len(self._words) and not self._begins_line():
            word = self._words[self._at]
            self._at += 1
            if word.text == "{" and not word.quote:
                if self._at < len(self._words) and not self._begins_line():
                    raise ConfigurationError("the line goes on after {", word.location)
                block = tuple(self._lines(nested=True, opening=word))
                break
            if word.text == "}" and not word.quote:
                raise ConfigurationError("unexpected } in a line", word.location)
            words.append(word)
        return _finished(first, words, block)

    def _begins_line(self) -> bool:
        if self._at < 1:
            return True
        before, word = self._words[self._at - 1], self._words[self._at]
        return before.file != word.file or before.end < word.line

    # --- imports

    def _snippet(self, name: str, key: Token) -> None:
        if name in self._snippets:
            raise ConfigurationError(f"the snippet ({name}) is defined twice", key.location)
        if self._at >= len(self._words) or self._words[self._at].text != "{":
            raise ConfigurationError(f"the snippet ({name}) has no block", key.location)
        self._at += 1
        start, depth = self._at, 1
        while self._at < len(self._words):
            depth += {"{": 1, "}": -1}.get(self._words[self._at].text, 0)
            self._at += 1
            if depth == 0:
                own = self._words[start : self._at - 1]
                self._snippets[name] = tuple(replace(word, snippet=name) for word in own)
                return
        raise ConfigurationError(f"the snippet ({name}) is not closed", key.location)

    def _import(self) -> None:
        """The line is replaced by what it brings in."""
        start, asked = self._at, self._words[self._at]
        self._at += 1
        while self._at < len(self._words) and not self._begins_line() and self._words[self._at].text != "{":
            self._at += 1
        line = self._words[start + 1 : self._at]
        if not line or not line[0].text:
            raise ConfigurationError("import names no file", asked.location)
        self._imports += 1
        if self._imports > _MOST or asked.snippet == line[0].text:
            raise ConfigurationError(f"{line[0].text} imports itself", asked.location)
        found = self._snippets.get(line[0].text)
        brought = self._read(line[0].text, asked) if found is None else found
        arguments = [word.text for word in line[1:]]
        self._words[start : self._at] = [each for word in brought for each in _filled(word, arguments)]
        self._at = start


def _filled(word: Token, arguments: list[str]) -> list[Token]:
    """A word with the import's arguments put in; `{args[:]}` alone may be several words."""
    whole = _ARGUMENT.fullmatch(word.text)
    if whole and whole[3]:
        return [replace(word, text=each) for each in arguments[_index(whole[2], 0) : _index(whole[4], len(arguments))]]
    return [replace(word, text=_ARGUMENT.sub(lambda found: _argument(found, arguments), word.text))]


def _argument(found: re.Match[str], arguments: list[str]) -> str:
    if found[3] or not (found[1] or found[2]):
        return found[0]
    number = int(found[1] or found[2])
    return arguments[number] if number < len(arguments) else found[0]


def _index(written: str, default: int) -> int:
    return int(written) if written else default


def _finished(first: Token, words: list[Token], block: tuple[Directive, ...] | None) -> Directive:
    """A definition of a matcher that is a quoted text alone is one of `expression`."""
    texts = tuple(word.text for word in words)
    if first.text.startswith("@") and words and words[0].quote:
        texts = ("expression", texts[0])
    return Directive(first.text, texts, first.location, block)
