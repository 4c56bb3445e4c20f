"""Rewriting: the list of rules over a path, in the server and in a directory (mod_rewrite)."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from clearway.fronts.files import Kind
from clearway.fronts.unknowable import Unknowable

from . import expressions
from .patterns import search
from .refused import Refused
from .request import Request
from .rules import Condition, Rule
from .uri import is_url
from .values import value

_MARK = re.compile(r"\\(?P<plain>.)|\$(?P<rule>\d)|%(?P<cond>\d)|%\{(?P<name>[^}]*)\}|(?P<map>\$\{)")
_ROUNDS = 32000
_TESTS = {"-f", "-d", "-s", "-e", "-l", "-h", "-L", "-x", "-F", "-U"}


Origin = Literal["written", "escaped", "found"]


class Piece(NamedTuple):
    """Of an expanded text: `escaped` is behind a backslash, `found` comes from a capture or a variable."""

    text: str
    origin: Origin


@dataclass
class Rewritten:
    """What a list of rules came to: `status` alone, an address, or a path; `changed` is False where nothing fitted."""

    path: str
    changed: bool = False
    status: int | None = None
    is_proxied: bool = False
    passes: bool = False
    escapes: bool = True
    rule: Rule | None = None
    sets_type: str = ""
    sets_handler: str = ""

    @property
    def is_status(self) -> bool:
        return self.status is not None and not self.changed


class Rewriter:
    """One pass; `directory` ends with a slash where the rules stand in one."""

    def __init__(self, request: Request, rules: Sequence[Rule], directory: str = "") -> None:
        self._request, self._rules, self._directory = request, rules, directory
        self._result = Rewritten(request.filename or request.path)
        self._captured: tuple[str, ...] = ()
        self._path_info = request.path_info if directory else ""

    def run(self) -> Rewritten:
        """Raises Unknowable."""
        at, rounds = 0, 0
        while at < len(self._rules):
            rule = self._rules[at]
            rounds += 1
            if rounds > _ROUNDS:
                raise Unknowable("The rules of RewriteRule go round without an end.")
            if not self._is_asked(rule) or not self._applied(rule):
                at = self._after_chain(at)
                continue
            if self._is_over(rule):
                break
            at = 0 if "next" in rule.flags else at + 1 + int(rule.flags.get("skip") or 0)
        return self._result

    def _is_asked(self, rule: Rule) -> bool:
        return not (self._request.main and rule.flags.keys() & {"nosubreq", "redirect"})

    def _after_chain(self, at: int) -> int:
        while at < len(self._rules) and "chain" in self._rules[at].flags:
            at += 1
        return at + 1

    def _is_over(self, rule: Rule) -> bool:
        result = self._result
        result.rule = rule
        if rule.is_status_only:
            result.status, result.changed = rule.status, False
            return True
        if not rule.keeps:
            result.changed, result.escapes = True, "noescape" not in rule.flags
        if "passthrough" in rule.flags:
            result.passes = True
            return True
        if "end" in rule.flags:
            self._request.ended = True
            return True
        return "proxy" in rule.flags or "last" in rule.flags

    # --- one rule

    def _applied(self, rule: Rule) -> bool:
        subject = self._result.path + self._path_info
        if self._directory and subject.startswith(self._directory):
            subject = subject[len(self._directory) :]
        found = search(rule.pattern, subject, "nocase" in rule.flags)
        if (found is not None) == rule.is_not:
            return False
        groups = found or ()
        self._captured = ()
        seen = len(self._request.vary)
        if not self._conditions_hold(rule, groups):
            del self._request.vary[seen:]
            return False
        if self._request.previous is None and self._request.main is None:
            self._told(rule)
        self._set(rule, groups)
        if not rule.keeps:
            self._substitute(rule, groups)
        return True

    def _told(self, rule: Rule) -> None:
        what = f"answers {rule.status}" if rule.is_status_only else f"makes it {rule.result}"
        self._request.step("rewrite", f"RewriteRule {rule.directive.words[0]} fits and {what}", rule.directive)

    def _set(self, rule: Rule, groups: Sequence[str]) -> None:
        for written in rule.flags.get("env", "").split("\0"):
            name, colon, text = written.partition(":")
            if name.startswith("!"):
                self._request.environ.pop(name[1:], None)
            elif name:
                self._request.environ[name] = self.expand(text, groups) if colon else ""
        if "type" in rule.flags:
            self._result.sets_type = rule.flags["type"]
        if "handler" in rule.flags:
            self._result.sets_handler = rule.flags["handler"]

    def _substitute(self, rule: Rule, groups: Sequence[str]) -> None:
        if "escape" in rule.flags:
            raise Unknowable("RewriteRule [B] escapes what it captured.")
        pieces = self._pieces(rule.result, groups)
        marks = (each.origin for each in pieces if "?" in each.text and each.origin != "escaped")
        if "unsafeallow3f" not in rule.flags and next(marks, "") == "found":
            self._request.step("rewrite", "what was found begins arguments: 403", rule.directive, ok=False)
            raise Refused(403)
        new = "".join(each.text for each in pieces)
        if self._directory and not new.startswith("/") and not _is_address(new):
            new = self._directory + new
        self._path_info = "" if "discardpath" in rule.flags else self._path_info
        new = self._split(new, rule)
        origin = self._request.origin
        if "proxy" in rule.flags:
            self._result.is_proxied = True
        elif rule.status is not None:
            new = new if is_url(new) else origin + ("" if new.startswith("/") else "/") + new
            self._result.status = rule.status
        elif re.match(r"https?://", new) and (new == origin or new.startswith(origin + "/")):
            new = new[len(origin) :] or "/"
        if _is_address(new) and self._result.status is None and not self._result.is_proxied:
            self._result.status = 302
        self._result.path = new

    def _split(self, new: str, rule: Rule) -> str:
        """The arguments behind a question mark (splitout_queryargs)."""
        request = self._request
        if "qsdiscard" in rule.flags:
            request.arguments = None
        path, mark, given = new.partition("?")
        if not mark or re.match(r"(?:mailto|news|ldaps?):", new):
            return new
        old = request.arguments
        if "qsappend" in rule.flags and "qsdiscard" not in rule.flags:
            joined = f"{given}&{old}" if old is not None else given
            request.arguments = joined.strip("&") if not given else joined
        else:
            request.arguments = given
        request.arguments = request.arguments or None
        return path

    # --- conditions

    def _conditions_hold(self, rule: Rule, groups: Sequence[str]) -> bool:
        at, conditions = 0, rule.conditions
        while at < len(conditions):
            each = conditions[at]
            holds = self._holds(each, groups)
            if "ornext" in each.flags:
                if holds:
                    while at < len(conditions) and "ornext" in conditions[at].flags:
                        at += 1
            elif not holds:
                return False
            at += 1
        return True

    def _holds(self, each: Condition, groups: Sequence[str]) -> bool:
        seen = len(self._request.vary)
        found = self._found(each, groups)
        if "novary" in each.flags:
            del self._request.vary[seen:]
        return found != each.is_not

    def _found(self, each: Condition, groups: Sequence[str]) -> bool:
        if each.text == "expr":
            return expressions.holds(each.pattern, self._request)
        text, pattern = self.expand(each.text, groups), each.pattern
        if pattern in _TESTS:
            return self._tested(pattern, text)
        ignores_case = "nocase" in each.flags
        compared = _compared(pattern, text, ignores_case)
        if compared is not None:
            return compared
        found = search(pattern, text, ignores_case)
        if found is not None and not each.is_not:
            self._captured = found
        return found is not None

    def _tested(self, test: str, text: str) -> bool:
        if test in {"-F", "-U"}:
            raise Unknowable(f"RewriteCond {test} asks a whole request.")
        if not text.startswith("/"):
            return False
        if test in {"-l", "-h", "-L"}:
            here = self._request.configuration.paths.here(text.rstrip("/"))
            return any(each.path == here for each in self._request.files.links(text.rstrip("/")))
        entry = self._request.look(text)
        if test == "-d":
            return entry.kind is Kind.DIRECTORY
        if test == "-s":
            return entry.kind is Kind.FILE and entry.size > 0
        if test == "-x":
            return entry.executable
        return entry.kind is Kind.FILE if test == "-f" else entry.exists

    # --- texts

    def expand(self, text: str, groups: Sequence[str]) -> str:
        """With captures and variables. Raises Unknowable for maps."""
        return "".join(each.text for each in self._pieces(text, groups))

    def _pieces(self, text: str, groups: Sequence[str]) -> list[Piece]:
        held = self._request.filename
        self._request.filename = self._result.path if not _is_address(self._result.path) else held
        pieces, at = [], 0
        try:
            for found in _MARK.finditer(text):
                origin: Origin = "found" if found["plain"] is None else "escaped"
                pieces += [Piece(text[at : found.start()], "written"), Piece(self._mark(found, groups), origin)]
                at = found.end()
        finally:
            self._request.filename = held
        return [*pieces, Piece(text[at:], "written")]

    def _mark(self, found: re.Match[str], groups: Sequence[str]) -> str:
        if found["map"]:
            raise Unknowable("A RewriteMap is asked.")
        if found["plain"] is not None:
            return found["plain"]
        if found["name"] is not None:
            if found["name"].startswith(("LA-U:", "LA-F:")):
                raise Unknowable(f"%{{{found['name']}}} looks ahead to a later phase.")
            return value(found["name"], self._request)
        chosen, number = (groups, found["rule"]) if found["rule"] is not None else (self._captured, found["cond"])
        return chosen[int(number)] if int(number) < len(chosen) else ""


def _is_address(text: str) -> bool:
    return (
        re.match(r"(?:https?|ftp|wss?|ajp|balancer|fcgi|scgi|uwsgi|unix|gopher|ldaps?)://|(?:mailto|news|nntp):", text)
        is not None
    )


def _compared(pattern: str, text: str, caseless: bool) -> bool | None:
    """The comparisons of texts and numbers; None for a regular expression."""
    if caseless:
        pattern, text = pattern.lower(), text.lower()
    number = re.fullmatch(r"-(eq|ne|lt|le|gt|ge)\s*(-?\d+)", pattern)
    if number:
        mine = re.match(r"\s*[+-]?\d+", text)
        left, right = int(mine[0]) if mine else 0, int(number[2])
        table = {"eq": left == right, "ne": left != right, "lt": left < right, "le": left <= right}
        return (table | {"gt": left > right, "ge": left >= right})[number[1]]
    for sign, compare in _SIGNS.items():
        if pattern.startswith(sign):
            other = pattern[len(sign) :]
            return compare(text, "" if other == '""' else other)
    return None


def _longer(text: str) -> tuple[int, str]:
    """Of two texts that are compared by `<` or `>` the longer one is the greater."""
    return len(text), text


_SIGNS: dict[str, Callable[[str, str], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": lambda one, other: _longer(one) < _longer(other),
    ">": lambda one, other: _longer(one) > _longer(other),
    "=": operator.eq,
}
