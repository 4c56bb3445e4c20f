"""Expressions of `If`, `Require expr` and `RewriteCond expr` (ap_expr), as far as they depend on the request."""

import operator
import re
from collections.abc import Callable

from clearway.fronts.files import Kind
from clearway.fronts.unknowable import Unknowable

from .access_addresses import covers
from .patterns import search
from .request import Request
from .values import value

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<variable>%\{[^}]*\})
    | m(?P<mark>[\#,;:|!])(?P<marked>.*?)(?P=mark)(?P<flags>[ims]*)
    | /(?P<regex>(?:\\.|[^/\\])*)/(?P<more>[ims]*)
    | (?P<op>&&|\|\||==|!=|=~|!~|<=|>=|<|>|=|!|\(|\))
    | (?P<word>-\w+|[\w.]+))""",
    re.VERBOSE | re.DOTALL,
)


_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq, "-ne": operator.ne, "-lt": operator.lt,
    "-le": operator.le, "-gt": operator.gt, "-ge": operator.ge,
}  # fmt: skip


def holds(text: str, request: Request, *, varies: bool = False) -> bool:
    """Whether an expression is true; with `varies`, fields that it reads and that are absent are noted as well.

    Raises Unknowable for what is not understood.
    """
    bare = text.strip().removeprefix('"').removesuffix('"') if _is_quoted(text) else text
    parser = _Parser(bare, request, varies=varies)
    found = parser.either()
    parser.end()
    return found


def _is_quoted(text: str) -> bool:
    bare = text.strip()
    return len(bare) > 1 and bare[0] == bare[-1] == '"' and '"' not in bare[1:-1]


class _Parser:
    def __init__(self, text: str, request: Request, *, varies: bool) -> None:
        self._text, self._request, self._varies = text, request, varies
        self._tokens = self._split(text)
        self._at = 0

    def _split(self, text: str) -> list[tuple[str, str, str]]:
        """(kind, text, flags)"""
        found, at = [], 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if not match:
                raise self._odd()
            at = match.end()
            if match["marked"] is not None:
                found.append(("regex", match["marked"], match["flags"]))
            elif match["regex"] is not None:
                found.append(("regex", match["regex"], match["more"]))
            else:
                kind = match.lastgroup or "op"
                found.append((kind, match[kind], ""))
        return found

    def _odd(self) -> Unknowable:
        return Unknowable(f"The expression {self._text} is not understood here.")

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _next(self) -> tuple[str, str, str]:
        if self._at >= len(self._tokens):
            raise self._odd()
        self._at += 1
        return self._tokens[self._at - 1]

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise self._odd()

    def either(self) -> bool:
        found = self._both()
        while self._peek() == "||":
            self._next()
            if found:
                self._pass_over(self._both)
            else:
                found = self._both()
        return found

    def _both(self) -> bool:
        found = self._one()
        while self._peek() == "&&":
            self._next()
            if found:
                found = self._one()
            else:
                self._pass_over(self._one)
        return found

    def _pass_over(self, read: Callable[[], bool]) -> None:
        """What is already decided depends on no more fields."""
        seen = len(self._request.vary)
        read()
        del self._request.vary[seen:]

    def _one(self) -> bool:
        token = self._peek()
        if token == "!":
            self._next()
            return not self._one()
        if token == "(":
            self._next()
            found = self.either()
            if self._next()[1] != ")":
                raise self._odd()
            return found
        if token in {"true", "false"}:
            return self._next()[1] == "true"
        if re.fullmatch(r"-[A-Za-z]", token):
            return self._unary(self._next()[1])
        return self._compared()

    def _unary(self, operator: str) -> bool:
        text = self._string()
        if operator in {"-z", "-n"}:
            return bool(text) == (operator == "-n")
        if operator == "-T":
            return text.lower() not in {"", "0", "off", "false", "no"}
        if operator == "-R":
            return covers(text, self._request.visit.client)
        kinds = {"-f": {Kind.FILE}, "-d": {Kind.DIRECTORY}, "-e": {Kind.FILE, Kind.DIRECTORY, Kind.OTHER}}
        if operator not in kinds:
            raise self._odd()
        return self._request.look(text).kind in kinds[operator] if text.startswith("/") else False

    def _compared(self) -> bool:
        left = self._string()
        sign = self._next()[1]
        if sign in {"=~", "!~"}:
            kind, pattern, flags = self._next()
            if kind != "regex":
                raise self._odd()
            return (search(pattern, left, "i" in flags) is not None) == (sign == "=~")
        right = self._string()
        if sign in {"==", "=", "!="}:
            return (left == right) == (sign != "!=")
        if sign in _NUMBERS and all(each.isdigit() or not each for each in (left, right)):
            return _NUMBERS[sign](int(left or 0), int(right or 0))  # a field that is not there is 0
        raise self._odd()

    def _value(self, name: str) -> str:
        return value(name, self._request, varies=self._varies)

    def _argument(self) -> str:
        """Of a function, in its parentheses."""
        self._next()
        found = self._string()
        if self._next()[1] != ")":
            raise self._odd()
        return found

    def _string(self) -> str:
        kind, text, _ = self._next()
        if kind == "variable":
            return self._value(text[2:-1])
        if kind == "string":
            return re.sub(r"%\{([^}]*)\}", lambda found: self._value(found[1]), text[1:-1])
        if kind == "word":
            return self._value(f"{text}:{self._argument()}") if self._peek() == "(" else text
        raise self._odd()
