"""What rows expect of an answer; every expectation returns a complaint or None."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conformance.rows.row import coding_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.rows.row import Probe
    from tests.conformance.wire import Answer


@dataclass(frozen=True)
class Case:
    """One question of a row, for the expectations that compare with the plain 200."""

    probe: Probe
    name: str
    accept: str

    def base(self) -> Answer:
        return self.probe.base(self.name, self.accept)


Want = Callable[["Answer", Case], str | None]


def asks(name: str, *lines: str, want: tuple[Want, ...], method: str = "GET") -> Callable[[Probe], Iterator[str]]:
    """A check made of one request and what is wanted of its answer."""

    def check(probe: Probe) -> Iterator[str]:
        answer = probe.ask(name, *lines, method=method)
        case = Case(probe, name, coding_line(lines))
        yield from (complaint for each in want if (complaint := each(answer, case)))

    return check


def every(*checks: Callable[[Probe], Iterator[str]]) -> Callable[[Probe], Iterator[str]]:
    """A check made of several; all of them must be content."""

    def check(probe: Probe) -> Iterator[str]:
        for one in checks:
            yield from one(probe)

    return check


def status(*allowed: int) -> Want:
    def want(answer: Answer, _case: Case) -> str | None:
        names = " or ".join(map(str, allowed))
        return None if answer.status in allowed else f"{answer.status} instead of {names}"

    return want


def status_not(*forbidden: int) -> Want:
    def want(answer: Answer, _case: Case) -> str | None:
        return f"answered {answer.status}" if answer.status in forbidden else None

    return want


def no_crash(answer: Answer, _case: Case) -> str | None:
    return f"answered {answer.status}" if answer.status >= 500 else None


def whole(answer: Answer, case: Case) -> str | None:
    """A 200 with the entire file, uncoded."""
    if answer.status != 200:
        return f"{answer.status} instead of 200"
    return None if answer.body == case.probe.file(case.name) else "200, but the body is not the whole file"


def part(first: int, last: int) -> Want:
    """A 206 with exactly these octets of the file, saying so in Content-Range."""

    def want(answer: Answer, case: Case) -> str | None:
        data = case.probe.file(case.name)
        span = f"bytes {first}-{last}/{len(data)}"
        if answer.status != 206:
            return f"{answer.status} instead of 206"
        if answer.get("Content-Range") != span:
            return f"Content-Range: {answer.get('Content-Range')} instead of {span}"
        return None if answer.body == data[first : last + 1] else f"the body is {answer.body[:20]!r}"

    return want


def field(name: str, *values: str) -> Want:
    def want(answer: Answer, _case: Case) -> str | None:
        got = answer.get(name)
        return None if got in values else f"{name}: {got} instead of {' or '.join(values)}"

    return want


def present(name: str) -> Want:
    def want(answer: Answer, _case: Case) -> str | None:
        return None if answer.get(name) else f"{answer.status} without {name}"

    return want


def absent(*names: str) -> Want:
    def want(answer: Answer, _case: Case) -> str | None:
        found = [name for name in names if answer.get(name) is not None]
        return f"{answer.status} with {', '.join(found)}" if found else None

    return want


def lists(name: str, *members: str) -> Want:
    """The comma-separated field has these members (`*` in Vary stands for any)."""

    def want(answer: Answer, _case: Case) -> str | None:
        missing = {member.lower() for member in members} - set(answer.members(name))
        return f"{answer.status} with {name}: {answer.get(name)}" if missing else None

    return want


def as_base(*names: str) -> Want:
    """These fields are what the plain 200 says."""

    def want(answer: Answer, case: Case) -> str | None:
        base = case.base()
        wrong = [name for name in names if answer.get(name) != base.get(name)]
        said = "; ".join(f"{name}: {answer.get(name)}, the 200 has {base.get(name)}" for name in wrong)
        return f"{answer.status} with {said}" if wrong else None

    return want


def kept(*names: str) -> Want:
    """These fields are there if the plain 200 has them; their value may be a moment's."""

    def want(answer: Answer, case: Case) -> str | None:
        lost = [name for name in names if case.base().get(name) and not answer.get(name)]
        return f"{answer.status} without {', '.join(lost)}, which the 200 has" if lost else None

    return want


def nothing_after(answer: Answer, _case: Case) -> str | None:
    return f"{len(answer.rest)} octets follow the end of the {answer.status}" if answer.rest else None


def coded(*allowed: str) -> Want:
    """The content coding of a 200 (an answer without content has none to judge)."""

    def want(answer: Answer, _case: Case) -> str | None:
        wrong = answer.status == 200 and answer.coding not in allowed
        return f"Content-Encoding: {answer.coding}" if wrong else None

    return want


def not_coded(*forbidden: str) -> Want:
    def want(answer: Answer, _case: Case) -> str | None:
        return f"Content-Encoding: {answer.coding}" if answer.coding in forbidden else None

    return want
