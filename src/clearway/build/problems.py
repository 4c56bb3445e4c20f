"""What is wrong with the references of a build: every problem at once, each with its place and a suggestion."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from posixpath import basename

from .errors import ReferencesError

_SUGGESTED = 50  # problems that get a suggestion; looking for one costs a comparison with every name


@dataclass(frozen=True, slots=True)
class Problem:
    """A reference to a file that does not exist."""

    file: str
    line: int
    app: str
    url: str
    target: str
    suggestion: str = ""

    def __str__(self) -> str:
        shipped = f" ({self.app})" if self.app else ""
        outside = self.target.startswith("/")
        missing = "leads out of STATIC_URL" if outside else f"there is no static file {self.target}"
        hint = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{self.file}:{self.line}{shipped}: {self.url!r}: {missing}{hint}"


class Names:
    """The logical names of a build, found by what a reference says."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def find(self, name: str) -> str | None:
        """The logical name itself, or the one name that differs only in its Unicode form (NFC, NFD)."""
        if name in self._names:
            return name
        return self._composed.get(unicodedata.normalize("NFC", name)) if not name.isascii() else None

    def suggestion(self, name: str) -> str:
        """The logical name that was probably meant; empty when none is close."""
        same_base = self._by_base.get(basename(name).lower(), {})
        close = get_close_matches(name.lower(), same_base or self._by_lower, n=1, cutoff=0 if same_base else 0.75)
        return (same_base or self._by_lower)[close[0]] if close else ""

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
    """All problems as one error, in the order of files and lines."""
    count = f"{len(problems)} references lead" if len(problems) > 1 else "1 reference leads"
    lines = "".join(f"\n  {problem}" for problem in problems)
    advice = "Correct the reference, or add the file to a static directory. Nothing was published."
    return ReferencesError(
        f"{count} to no static file:{lines}\n{advice}", tuple(dict.fromkeys(p.file for p in problems))
    )


def is_suggested(number: int) -> bool:
    """Whether the problem of this number (from 0) gets a suggestion."""
    return number < _SUGGESTED
