"""The project's own command, after which its processes run the release that is current."""

import re
from dataclasses import dataclass

from clearway.releasing.commands import run
from clearway.releasing.routine import Routine
from clearway.releasing.runner import RELOAD
from clearway.releasing.state import State
from clearway.releasing.step import Cause, FailedError, named

_ID, _NAME = "CW304", "application-does-not-start"
_FIX = "mend what the proof names, or the surroundings of the server: in those of the release it started"
_RAISED = re.compile(r'^ +File "[^"\n]+", line \d+.*\n(?: .*\n)*(?P<raised>[A-Za-z_][\w.]*(?::.*)?)$', re.MULTILINE)
_FRAME = re.compile(r'^ *File "(?P<file>/[^"\n]+)", line (?P<line>\d+)', re.MULTILINE)


@dataclass(frozen=True)
class Reload:
    """Taking it back is another reload, once everything else is back."""

    routine: Routine
    name: str = RELOAD

    def plan(self) -> str:
        return str(self.routine.reload) if self.routine.reload else ""

    def run(self, state: State) -> str:
        command = self.routine.reload
        if command is None:
            return ""
        ended = run(command, {**state.environ, "CLEARWAY_STEP": self.name}, self.routine.timeout)
        if ended.code or ended.is_late:
            causes = _causes(ended.output)
            raise FailedError(named(causes) if causes else f"{command} {ended.how}", causes, ended.output)
        return str(command)

    def undo(self, state: State) -> str:
        return ""


def _causes(output: str) -> list[Cause]:
    """An application that raised, where the command shows it: this server has what the trial did not, or lacks it."""
    raised = _RAISED.findall(output)
    if not raised:
        return []
    own = [found for found in _FRAME.finditer(output) if "-packages" not in found["file"]]
    where = f"{own[-1]['file']}:{own[-1]['line']}" if own else ""
    return [Cause(_ID, _NAME, f"the application does not start: {raised[-1]}", where, (), _FIX)]
