"""Problems: what is wrong with the sources of a build, each with its place, who ships it, and a suggestion."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import groupby
from posixpath import basename
from textwrap import wrap
from typing import Any

from .errors import ReferencesError
from .kinds import ERROR, MISSING_FILE, WARN, Kind

_SUGGESTED = 50  # problems that get a suggestion; looking for one costs a comparison with every name
SHOWN = 5  # problems of one kind that are listed when not all are asked for
_COLUMNS = 80
_WORDS = {WARN: "warning"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in `file` (a logical name). `text` stands alone; `url` and `target` are a reference's."""

    kind: Kind
    file: str
    text: str
    line: int = 0
    app: str = ""
    third_party: bool = False
    url: str = ""
    target: str = ""
    suggestion: str = ""
    level: str = ERROR

    @property
    def place(self) -> str:
        """The file, the line where there is one, and the app that ships it."""
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line}" + (f" ({self.app})" if self.app else "")

    @property
    def message(self) -> str:
        """The text with its suggestion."""
        return self.text + (f"; did you mean {self.suggestion}?" if self.suggestion else "")

    def __str__(self) -> str:
        return f"{self.place}: {self.url!r}: {self.message}" if self.url else f"{self.place}: {self.message}"

    def to_json(self) -> dict[str, Any]:
        """The problem as `--format json` has it."""
        return {
            "id": self.kind.id,
            "name": self.kind.name,
            "level": _WORDS.get(self.level, self.level),
            "file": self.file,
            "line": self.line or None,
            "app": self.app,
            "third_party": self.third_party,
            "message": self.text,
            "url": self.url or None,
            "target": self.target or None,
            "suggestion": self.suggestion or None,
            "fix": self.kind.fix,
        }


class Names:
    """The logical names of a build, found by what a reference says."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name: name for name in names}

    def find(self, name: str) -> str | None:
        """The logical name itself, or the one name that differs only in its Unicode form (NFC, NFD).

        It is the object that was given, so that a reference holds no copy.
        """
        if found := self._names.get(name):
            return found
        return self._composed.get(unicodedata.normalize("NFC", name)) if not name.isascii() else None

    def in_other_case(self, name: str) -> str | None:
        """A logical name that differs from `name` in capital letters only."""
        return self._by_lower.get(name.lower())

    def suggestion(self, name: str) -> str:
        """The logical name that was probably meant; empty when none is close."""
        same_base = self._by_base.get(basename(name).lower(), {})
        if same_base:
            return same_base[get_close_matches(name.lower(), same_base, n=1, cutoff=0)[0]]
        close = get_close_matches(name.lower(), self._by_lower, n=5, cutoff=0.75)
        base = basename(name).lower()  # a long folder alone makes nothing alike
        return next((self._by_lower[each] for each in close if get_close_matches(base, [basename(each)], 1, 0.7)), "")

    @cached_property
    def _by_lower(self) -> Mapping[str, str]:
        return {name.lower(): name for name in sorted(self._names)}

    @cached_property
    def _composed(self) -> Mapping[str, str]:
        found: dict[str, list[str]] = {}
        for name in self._names:
            found.setdefault(unicodedata.normalize("NFC", name), []).append(name)
        return {composed: names[0] for composed, names in found.items() if len(names) == 1}

    @cached_property
    def _by_base(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for lower, name in self._by_lower.items():
            found.setdefault(basename(lower), {})[lower] = name
        return found


def error(problems: Sequence[Problem]) -> ReferencesError:
    """All problems as one error, in the order of kinds, files and lines."""
    message = f"{headline(problems)}\n\n{listed(problems)}"
    return ReferencesError(message, tuple(dict.fromkeys(problem.file for problem in problems)))


def headline(problems: Sequence[Problem]) -> str:
    """How many problems stop the build."""
    count = "1 problem stops" if len(problems) == 1 else f"{len(problems)} problems stop"
    return f"{count} the build; no release was made."


def listed(problems: Iterable[Problem], limit: int | None = None) -> str:
    """The problems by kind, each kind with its remedy; at most `limit` of a kind."""
    ordered = sorted(problems, key=lambda each: (each.level != ERROR, each.kind.id, each.level))
    groups = groupby(ordered, key=lambda each: (each.level, each.kind))
    return "\n".join(line for (level, kind), group in groups for line in _group(level, kind, list(group), limit))


def _group(level: str, kind: Kind, problems: list[Problem], limit: int | None) -> Iterator[str]:
    count = f" ({len(problems)})" if len(problems) > 1 else ""
    yield f"{_WORDS.get(level, level)} {kind.id} {kind.name}{count}"
    for problem in problems[:limit]:
        yield f"  {problem.place}" + (f": {problem.url!r}" if problem.url else "")
        yield _wrapped(problem.message)
    if limit is not None and len(problems) > limit:
        yield f"  … and {len(problems) - limit} more: --verbosity 2 lists them"
    yield _wrapped(f"fix: {kind.fix}", "  ")


def _wrapped(text: str, indent: str = "    ") -> str:
    lines = wrap(
        text,
        _COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def is_suggested(number: int) -> bool:
    """Whether the problem of this number (from 0) gets a suggestion."""
    return number < _SUGGESTED


def missing(target: str, kind: Kind = MISSING_FILE) -> str:
    """What is said of a reference to a file that does not exist."""
    if target.startswith("/"):
        return f"leads out of STATIC_URL, to {target}"
    return f"there is no static file {target}"
