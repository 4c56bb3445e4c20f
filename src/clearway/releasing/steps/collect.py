"""`collectstatic`: the new release is made, and is current on disk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clearway.releasing.own_verbs import cause_of, function, verb
from clearway.releasing.state import State
from clearway.releasing.step import Cause, FailedError, KeptError, named
from clearway.stores.records import Records


@dataclass(frozen=True)
class Collect:
    """Taking it back makes the release current that was so before; the files of the new one stay.

    `note` writes down what is known before something changes.
    """

    records: Records
    note: Callable[[State], object]
    name: str = "collect"

    def plan(self) -> str:
        return "collectstatic --noinput"

    def run(self, state: State) -> str:
        state.new = None  # while it is not known, what is current later is taken for ours
        self.note(state)
        built = collected()
        state.new = self.records.current()
        if state.new is None:
            raise FailedError("collectstatic made no release; is STORAGES['staticfiles'] another storage now?")
        counted = f": {counts(built)}" if built.get("release") else ""
        again = "as before" if state.new == state.previous else "is current"
        return f"{state.new} {again}{counted}"

    def undo(self, state: State) -> str:
        current = self.records.current()
        if current == state.previous:
            return ""
        if state.new and current not in (state.new, None):
            state.previous = current  # it is what has to be live
            return f"somebody else made {current} current on disk meanwhile"
        if state.previous is None:
            raise KeptError(f"{current} is current on disk: there is no release before it")
        verb("rollback", state.previous)
        if self.records.current() != state.previous:
            raise FailedError(
                f"{state.previous} is not whole, so {current} stays current on disk; clearway verify says more"
            )
        return f"{state.previous} is current on disk again"


def collected(*more: str) -> Mapping[str, Any]:
    """Run it; its report. Raises `FailedError` with what is wrong in the sources."""
    answer = function("clearway.application_trial:collect", *more)
    problems = [*answer.data.get("problems", []), *answer.data.get("guard", [])]
    errors = [_cause(each) for each in problems if each["level"] == "error"]
    if problem := answer.data.get("problem"):
        raise FailedError(problem["message"], [cause_of(problem)], answer.data["output"])
    if error := answer.data["error"]:
        raise FailedError(named(errors) if errors else error, errors, "" if errors else error)
    return answer.data


def counts(built: Mapping[str, Any]) -> str:
    """In words."""
    counted = built.get("counts", {})
    return ", ".join(
        f"{counted[word]:,} {word}" for word in ("new", "changed", "removed", "unchanged") if counted[word]
    )


def _cause(problem: Mapping[str, Any]) -> Cause:
    line = f":{problem['line']}" if problem.get("line") else ""
    where = f"{problem.get('file', '')}{line}"
    return Cause(problem["id"], problem.get("name", ""), problem.get("message", ""), where, (), problem.get("fix", ""))
