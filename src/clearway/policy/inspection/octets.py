"""Reading a format from pieces of any size: a parser is a generator that asks for what it needs next.

It asks for an octet string by its length, for `Skip(length)`, or for `Past(pattern, longest)`. Every octet is seen
once; what is kept is never more than one piece and one request.
"""

import re
from collections.abc import Generator
from typing import NamedTuple

LONGEST = 1 << 20  # octets that a parser may ask for at once


class Skip(NamedTuple):
    """So many octets, unread. The answer is empty."""

    length: int


class Past(NamedTuple):
    """Everything up to the end of what `pattern` matches, at most `longest` octets. The answer is the match."""

    pattern: re.Pattern[bytes]
    longest: int


class MalformedError(Exception):
    """The octets are not of the format."""


class TruncatedError(Exception):
    """The file ended before the format does."""


Parser = Generator[int | Skip | Past, bytes, None]


def rest() -> Parser:
    """All that is left, where a format does not say where it ends."""
    try:
        while True:
            yield Skip(1 << 30)
    except TruncatedError:
        return


class Octets:
    """Feeds one parser. `position` is the place of the next octet that it is given; `over` whether it has ended."""

    def __init__(self) -> None:
        self.position = 0
        self._kept, self._passing = bytearray(), 0
        self._parser: Parser | None = None

    @property
    def over(self) -> bool:
        return self._parser is None

    def run(self, parser: Parser) -> None:
        """Begin with a parser, which may hold this object."""
        self._parser = parser
        self._ask(b"", first=True)

    def feed(self, data: bytes) -> bytes:
        """The next octets; gives those that follow the end of the format. Raises `MalformedError`."""
        self._kept += data
        place = 0
        while self._parser is not None:
            used, answer = self._answer(place)
            place += used
            self.position += used
            if answer is None:
                break
            self._ask(answer)
        rest = bytes(self._kept[place:]) if self._parser is None else b""
        del self._kept[: len(self._kept) if rest else place]
        return rest

    def close(self) -> None:
        """The file is over: tell the parser. Raises `TruncatedError` if it wants more, or `MalformedError`."""
        if self._parser is not None:
            parser, self._parser = self._parser, None
            try:
                parser.throw(TruncatedError())
            except StopIteration:
                return
            raise TruncatedError

    def _ask(self, answer: bytes, *, first: bool = False) -> None:
        assert self._parser is not None
        try:
            self._wanted = next(self._parser) if first else self._parser.send(answer)
        except StopIteration:
            self._parser = None
            return
        self._passing = self._wanted.length if isinstance(self._wanted, Skip) else 0
        if self._passing < 0 or (isinstance(self._wanted, int) and not 0 <= self._wanted <= LONGEST):
            raise MalformedError("a length")

    def _answer(self, place: int) -> tuple[int, bytes | None]:
        """(octets used, what the parser is given; None where more must come first)"""
        wanted, there = self._wanted, len(self._kept) - place
        if isinstance(wanted, int):
            return (wanted, bytes(self._kept[place : place + wanted])) if there >= wanted else (0, None)
        if isinstance(wanted, Skip):
            used = min(self._passing, there)
            self._passing -= used
            return used, None if self._passing else b""
        found = wanted.pattern.search(self._kept, place)
        return (found.end() - place, found[0]) if found else (max(there - wanted.longest + 1, 0), None)
