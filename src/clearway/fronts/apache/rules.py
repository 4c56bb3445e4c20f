"""RewriteRule and RewriteCond as they are written, joined into rules (mod_rewrite)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from clearway.fronts.directive import Directive

_STATUS = {"permanent": 301, "temp": 302, "seeother": 303}


@dataclass(frozen=True)
class Condition:
    """`text` is the tested one, with its marks; `pattern` is without its exclamation mark."""

    text: str
    pattern: str
    is_not: bool
    flags: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """A rule and the conditions before it; `status` is None without [R], [F] or [G]."""

    pattern: str
    is_not: bool
    result: str
    flags: dict[str, str]
    conditions: tuple[Condition, ...]
    directive: Directive

    @property
    def status(self) -> int | None:
        if "forbidden" in self.flags:
            return 403
        if "gone" in self.flags:
            return 410
        if "redirect" in self.flags:
            given = self.flags["redirect"].lower()
            return _STATUS.get(given) or (int(given) if given.isdecimal() else 302)
        return None

    @property
    def is_status_only(self) -> bool:
        return self.status is not None and not 300 <= self.status < 400

    @property
    def keeps(self) -> bool:
        """Whether it changes no path."""
        return self.result == "-" or self.is_status_only


_NAMES = {
    "r": "redirect", "f": "forbidden", "g": "gone", "l": "last", "n": "next", "c": "chain", "s": "skip", "p": "proxy",
    "pt": "passthrough", "nc": "nocase", "ne": "noescape", "ns": "nosubreq", "qsa": "qsappend", "qsd": "qsdiscard",
    "e": "env", "t": "type", "h": "handler", "co": "cookie", "b": "escape", "or": "ornext", "nv": "novary",
    "dpi": "discardpath", "bnp": "backrefnoplus", "qsl": "qslast",
}  # fmt: skip


def flags(text: str) -> dict[str, str]:
    """`[R=301,L]` by their long names."""
    found: dict[str, str] = {}
    for part in text.strip().removeprefix("[").removesuffix("]").split(","):
        name, _, value = part.strip().partition("=")
        key = _NAMES.get(name.lower(), name.lower())
        if key == "env" and key in found:
            found[key] += f"\0{value}"
        elif key:
            found[key] = value
    return found


def rules(directives: Iterable[Directive]) -> tuple[Rule, ...]:
    """In order, each with the conditions that stand before it."""
    found: list[Rule] = []
    waiting: list[Condition] = []
    for each in directives:
        if each.name == "rewritecond" and len(each.words) >= 2:
            waiting.append(_condition(each.words))
        elif each.name == "rewriterule" and len(each.words) >= 2:
            pattern = each.words[0]
            given = flags(each.words[2]) if len(each.words) > 2 else {}
            bare = re.sub(r"^!", "", pattern)
            found.append(Rule(bare, pattern.startswith("!"), each.words[1], given, tuple(waiting), each))
            waiting = []
    return tuple(found)


def _condition(words: tuple[str, ...]) -> Condition:
    given = flags(words[2]) if len(words) > 2 else {}
    return Condition(words[0], words[1].removeprefix("!"), words[1].startswith("!"), frozenset(given))
