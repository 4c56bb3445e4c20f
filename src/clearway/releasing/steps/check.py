"""Whether the project is fit to be released: the doctor's rules, Django's system checks, an application that starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clearway.releasing.own_verbs import cause_of, causes_of, function, verb
from clearway.releasing.routine import Routine
from clearway.releasing.state import State
from clearway.releasing.step import Cause, FailedError, named


@dataclass(frozen=True)
class Check:
    """Nothing is changed by it."""

    routine: Routine
    name: str = "check"

    def plan(self) -> str:
        return " ".join(["clearway doctor --start", *self.routine.doctor, "and Django's system checks"])

    def run(self, state: State) -> str:
        found = verb("doctor", "--start", *self.routine.doctor, "--fail-level", "error")
        if errors := _errors(found.data):
            raise FailedError(named(errors), errors)
        checked = function("clearway.application_trial:check").data
        if problem := checked["problem"]:
            causes = [cause_of(problem)] if problem["id"] else []
            raise FailedError(named(causes) if causes else problem["message"], causes, checked["output"])
        summary = found.data["summary"]
        warned = f", {summary['warning']} to look at (clearway doctor)" if summary["warning"] else ""
        return f"{summary['passed']} checks passed{warned}"

    def undo(self, state: State) -> str:
        return ""


def _errors(data: Mapping[str, Any]) -> list[Cause]:
    """Those that collecting does not mend, since that comes next."""
    findings = [each for each in data["findings"] if not _is_mended_by_collecting(each)]
    return causes_of({"findings": findings})


def _is_mended_by_collecting(finding: Mapping[str, Any]) -> bool:
    return any("collectstatic" in command for command in finding["fix"]["commands"])
