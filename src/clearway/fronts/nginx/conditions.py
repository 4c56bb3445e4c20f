"""The condition of an `if` (ngx_http_rewrite_if_condition)."""

from collections.abc import Callable

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.files import Entry, Kind
from clearway.fronts.nginx import disk
from clearway.fronts.nginx.request import Request
from clearway.fronts.regex import Regex

# What a test of a file asks of what lies there.
_TESTS: dict[str, Callable[[Entry], bool]] = {
    "-f": lambda entry: entry.kind is Kind.FILE,
    "-d": lambda entry: entry.kind is Kind.DIRECTORY,
    "-e": lambda entry: entry.kind in {Kind.FILE, Kind.DIRECTORY},
    "-x": lambda entry: entry.exists and entry.executable,
}
_MATCHES = frozenset({"~", "~*", "!~", "!~*"})


def holds(directive: Directive, request: Request) -> bool:
    """Whether the condition is true; a match sets the captures. Raises Unknowable."""
    words = _words(directive)
    if len(words) == 1:
        return request.text(words[0]) not in {"", "0"}
    if len(words) == 2 and words[0].removeprefix("!") in _TESTS:
        return _tested(words[0], words[1], request)
    if len(words) == 3 and words[1] in {"=", "!="}:
        return (request.text(words[0]) == request.rule_text(words[2])) is (words[1] == "=")
    if len(words) == 3 and words[1] in _MATCHES:
        return _matches(words[1], words[2], request.text(words[0]), request)
    raise ConfigurationError(f"invalid condition {' '.join(words)!r}", directive.location)


def written(directive: Directive) -> str:
    """The condition as people read it."""
    return f"if ({' '.join(_words(directive))})"


def _words(directive: Directive) -> list[str]:
    """Without the parentheses, which may stand alone or glued."""
    words = list(directive.words)
    if not words or not words[0].startswith("(") or not words[-1].endswith(")"):
        raise ConfigurationError("invalid condition", directive.location)
    words[0] = words[0][1:]
    words[-1] = words[-1][:-1]
    first = words[:1] if words[0] else []
    last = words[-1:] if words[-1] else []
    return words if len(words) == 1 else [*first, *words[1:-1], *last]


def _tested(operator: str, word: str, request: Request) -> bool:
    entry = disk.look(request, request.rule_text(word))
    return _TESTS[operator.removeprefix("!")](entry) is not operator.startswith("!")


def _matches(operator: str, pattern: str, text: str, request: Request) -> bool:
    match = Regex(pattern, operator.endswith("*")).match(text)
    request.matched(match)
    return bool(match) is not operator.startswith("!")
