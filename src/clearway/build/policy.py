"""Policy: how bad a problem is. Each kind has its usual severity; the project's rules change it.

A rule's key is a glob of logical names, the id of a kind, or both: `"vendor/*"`, `"CW202"`, `"CW202:vendor/*"`.
A glob is held against the file that has the problem and against the file that is missing. The first rule wins.
No rule makes a problem milder that would break a promise: a published name never changes its content.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from .kinds import ERROR, IGNORE, KINDS, NOTE, WARN
from .problems import Problem

_KEY = re.compile(r"(CW\d+)(?::(.*))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Problems by what follows from them: errors stop a build, notes are shown on request."""

    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.errors + other.errors, self.warnings + other.warnings, self.notes + other.notes)


@dataclass(frozen=True)
class Policy:
    """The project's rules, in order, and the ids that its installed apps make pointless."""

    rules: Mapping[str, str] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()

    def level(self, problem: Problem) -> str:
        """Of the first rule that matches, else the usual one."""
        if problem.kind.is_fixed:
            return problem.kind.third_party if problem.third_party else problem.kind.own
        for key, level in self.rules.items():
            if _matches(key, problem):
                return level
        if problem.kind.id in self.accepted:
            return IGNORE
        return problem.kind.third_party if problem.third_party else problem.kind.own

    def judge(self, problems: Iterable[Problem]) -> Verdict:
        """All problems with their level, those that are ignored left out."""
        judged = [replace(problem, level=self.level(problem)) for problem in problems]
        by_level = {
            level: tuple(problem for problem in judged if problem.level == level) for level in (ERROR, WARN, NOTE)
        }
        return Verdict(*by_level.values())


def unknown_id(key: str) -> str | None:
    """The id in a rule's key, when there is no such kind."""
    found = _KEY.match(key)
    return found[1] if found and found[1] not in KINDS else None


def is_fixed(key: str) -> bool:
    """Whether a rule's key names a kind whose severity cannot be set."""
    found = _KEY.match(key)
    return bool(found and found[1] in KINDS and KINDS[found[1]].is_fixed)


def _matches(key: str, problem: Problem) -> bool:
    found = _KEY.match(key)
    id_, glob = (found[1], found[2]) if found else (None, key)
    if id_ not in (None, problem.kind.id):
        return False
    return glob is None or any(name and fnmatchcase(name, glob) for name in (problem.file, problem.target))
