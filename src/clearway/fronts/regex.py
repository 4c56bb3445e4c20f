"""A regular expression of nginx (PCRE over bytes) as one of Python, or the honest answer that it has none."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from clearway.fronts.unknowable import Unknowable

# pcre2pattern(3): what stands at one place of a pattern.
_PIECE = re.compile(
    r"""\\Q(?P<quoted>.*?)(?:\\E|\Z)
    | \\(?P<escape>[kg](?:\{[^}]*\}|<[^>]*>|'[^']*'|-?\d+)|x\{[0-9A-Fa-f]+\}|o\{[0-7]+\}|c.|[pP](?:\{[^}]*\}|.)|.)
    | (?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])
    | \(\?(?P<comment>\#[^)]*)\)
    | \(\?(?P<flags>[a-zA-Z-]+)\)
    | (?P<open>\((?:\?(?:P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*'|<?[=!]|>|:|[a-zA-Z-]+:|\((?:\d+|<\w+>|'\w+'|\w+)\))|(?!\?)))
    | (?P<odd>\(\?[^)]{0,12})
    | (?P<close>\)) | (?P<bar>\|)
    | (?P<literal>\{(?!\d+(?:,\d*)?\}))
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_VERB = re.compile(r"\(\*(UTF8?|UCP)\)")
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "word": r"\w",
    "blank": r" \t", "space": r"\s", "xdigit": "0-9A-Fa-f", "cntrl": r"\x00-\x1f\x7f", "graph": "!-~", "print": " -~",
    "punct": r"!-/:-@\[-`{-~", "ascii": r"\x00-\x7f",
}  # fmt: skip
# Escapes that Python spells otherwise.
_ESCAPES = {
    "h": r"[ \t]", "H": r"[^ \t]", "z": r"\Z", "Z": r"(?=\n?\Z)", "e": r"\x1b", "N": r"[^\n]", "G": r"\A",
    "R": r"(?:\r\n|[\n\x0b\f\r\x85])", "V": r"[^\n\x0b\f\r\x85]", "v": r"[\n\x0b\f\r\x85]", "K": "", "X": "", "C": "",
}  # fmt: skip
_IN_CLASS = {"h": r" \t", "e": r"\x1b", "v": r"\n\x0b\f\r\x85", "b": r"\x08"}
_SETS = frozenset({r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", r"\h", "[:"})
_AS_THEY_ARE = frozenset("dDwWsSbBAafnrt")
_ONE_OF = re.compile(r"\\(?:([/._-])|.)|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)  # an escape or a class
_UNUSUAL = re.compile(r"\([?*]|\{|\\[xocgkpP0-9]")  # beyond what is looked through here
_GROUP = re.compile(r"\([^()]*\)")
_RUN = re.compile(r"[A-Za-z0-9/_-]+(?![A-Za-z0-9/_?*{-])", re.ASCII)
_FLAGS = frozenset("imsx")


@dataclass(frozen=True)
class Match:
    """What matched: the groups from 1, and the named ones; a group that took no part is empty."""

    groups: tuple[str, ...]
    named: Mapping[str, str]


class Regex:
    """A pattern as it is written, matched as nginx does: anywhere, over bytes."""

    def __init__(self, pattern: str, caseless: bool = False) -> None:
        self.pattern = pattern
        self._caseless = caseless
        self._needed = _needed(pattern)

    @property
    def names(self) -> tuple[str, ...]:
        """The named groups."""
        return tuple(re.findall(r"\(\?P?[<']([A-Za-z_]\w*)[>']", self.pattern))

    def match(self, text: str) -> Match | None:
        """None where it does not match. Raises Unknowable where the pattern has no equal in Python."""
        if self._needed not in text.lower():
            return None
        found = _compiled(self.pattern, self._caseless).search(text.encode("utf-8", "surrogateescape"))
        if not found:
            return None
        groups = tuple(_text(group) for group in found.groups())
        last = max((index for index, group in enumerate(found.groups(), 1) if group is not None), default=0)
        return Match(groups[:last], {name: _text(group) for name, group in found.groupdict().items()})


def _text(group: bytes | None) -> str:
    return (group or b"").decode("utf-8", "surrogateescape")


def _needed(pattern: str) -> str:
    """A text in lower case that every match holds, maybe empty: spares compiling most of a thousand patterns."""
    if _UNUSUAL.search(pattern):
        return ""
    bare = _ONE_OF.sub(lambda match: match[1] or "\0", pattern)
    while "(" in bare and (shorter := _GROUP.sub("\0", bare)) != bare:
        bare = shorter
    return "" if "|" in bare else max(_RUN.findall(bare), key=len, default="").lower()


@lru_cache(maxsize=4096)
def _compiled(pattern: str, caseless: bool) -> re.Pattern[bytes]:
    try:
        written = translated(pattern)
        return re.compile(written.encode("utf-8", "surrogateescape"), re.IGNORECASE if caseless else 0)
    except (re.error, OverflowError) as error:
        raise Unknowable(f"the regular expression {pattern} cannot be evaluated here ({error}).") from error


def translated(pattern: str) -> str:
    """In Python's words. Raises Unknowable for what Python lacks (recursion, branch reset, verbs, properties)."""
    if (pattern.startswith("(*") and not _VERB.match(pattern)) or r"\K" in pattern:
        raise Unknowable(f"the regular expression {pattern} uses what only PCRE has.")
    return "".join(_Translation(_VERB.sub("", pattern)).pieces())


class _Translation:
    """Goes through a pattern piece by piece; knows what the open groups still have to close."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._set: list[list[str]] = [[]]  # by open group: the flags set in its midst
        self._groups = 0
        self._fresh = True  # nothing but flags so far

    def pieces(self) -> Iterator[str]:
        handlers: Mapping[str, Callable[[str], str]] = {
            "quoted": re.escape, "escape": self._escape, "class": _class, "comment": lambda _: "", "open": self._open,
            "flags": self._flags, "odd": self._odd, "close": self._close, "bar": self._bar, "literal": lambda _: r"\{",
        }  # fmt: skip
        for match in _PIECE.finditer(self._pattern):
            kind = match.lastgroup or "other"
            yield handlers.get(kind, str)(match[kind])
            self._fresh = self._fresh and kind in {"flags", "comment"}
        yield ")" * len(self._set[0])

    def _escape(self, text: str) -> str:
        first = text[0]
        if first in "kg" and len(text) > 1:
            return self._reference(text)
        if first == "x":
            return "\\x" + text[2:-1].zfill(2) if len(text) > 1 else r"\x"
        if first == "c" and len(text) == 2:
            return f"\\x{ord(text[1].upper()) ^ 64:02x}"
        if first in "pPoXC":
            self._odd("\\" + text)
        if first in _ESCAPES:
            return _ESCAPES[first]
        if first.isalpha() and first.isascii() and first not in _AS_THEY_ARE:
            self._odd("\\" + text)
        return "\\" + text

    def _reference(self, text: str) -> str:
        name = text[1:].strip("{}<>'")
        if text[0] == "k":
            return f"(?P={name})"
        if not name.lstrip("-").isdigit() or text[1] in "<'":
            self._odd("\\" + text)
        number = int(name)
        return f"(?:\\{number if number > 0 else self._groups + 1 + number})"

    def _open(self, text: str) -> str:
        self._set.append([])
        if text == "(" or re.match(r"\(\?P?[<'][A-Za-z_]", text):
            self._groups += 1
        if name := re.match(r"\(\?[<'](\w+)[>']", text):
            return f"(?P<{name[1]}>"
        if condition := re.match(r"\(\?\([<']?(\w+)[>']?\)", text):
            return f"(?({condition[1]})"
        return text

    def _close(self, _: str) -> str:
        return ")" * (len(self._set.pop()) if len(self._set) > 1 else 0) + ")"

    def _bar(self, _: str) -> str:
        """Flags set within an alternative hold for the following ones too."""
        flags = self._set[-1]
        return ")" * len(flags) + "|" + "".join(f"(?{each}:" for each in flags)

    def _flags(self, text: str) -> str:
        """Flags in the middle reach to the end of their group."""
        on, _, off = text.partition("-")
        if not set(on + off) <= _FLAGS:
            self._odd(f"(?{text})")
        if self._fresh and not off:
            return f"(?{on})"
        self._set[-1].append(text)
        return f"(?{text}:"

    def _odd(self, text: str) -> str:
        raise Unknowable(f"the regular expression {self._pattern} uses {text}, which only PCRE has.")


def _class(text: str) -> str:
    """Brackets with POSIX names resolved; what a later Python may read as a set operation is escaped."""
    head = re.match(r"\[\^?\]?", text)
    opening = head[0] if head else "["
    body = text[len(opening) : -1]
    parts = re.findall(r"\[:\^?\w+:\]|\\x\{[0-9A-Fa-f]+\}|\\.|.", body, re.DOTALL)
    around = zip(["", *parts], parts, [*parts[1:], ""], strict=False)
    written = (
        r"\-" if part == "-" and _is_no_range(before, after) else _in_class(part) for before, part, after in around
    )
    return opening.replace("]", r"\]") + "".join(written) + "]"


def _is_no_range(before: str, after: str) -> bool:
    """A hyphen beside a set such as `\\w` stands for itself, as at either end."""
    return not before or not after or any(each[:2] in _SETS for each in (before, after))


def _in_class(part: str) -> str:
    if part.startswith("[:"):
        name = part[2:-2].removeprefix("^")
        if name not in _POSIX:
            raise Unknowable(f"the character class {part} cannot be evaluated here.")
        return _others(_POSIX[name]) if part.startswith("[:^") else _POSIX[name]
    if part.startswith("\\x{"):
        return "\\x" + part[3:-1].zfill(2)
    if part.startswith("\\"):
        return _IN_CLASS.get(part[1], part)
    return "\\" + part if part in "[&~|" else part


def _others(members: str) -> str:
    """The bytes that are not in a set."""
    among = re.compile(f"[{members}]".encode())
    return "".join(f"\\x{byte:02x}" for byte in range(256) if not among.match(bytes([byte])))
