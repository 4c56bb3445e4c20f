"""A command of the project, at its moment."""

from dataclasses import dataclass

from clearway.releasing.commands import run
from clearway.releasing.routine import Command, Hook
from clearway.releasing.state import State
from clearway.releasing.step import FailedError


@dataclass(frozen=True)
class RunHook:
    """A hook as a step."""

    moment: str
    hook: Hook

    @property
    def name(self) -> str:
        return f"{self.moment} {self.hook.name}".rstrip()

    def plan(self) -> str:
        return f"{self.hook.run}" + (f"; undone by {self.hook.undo}" if self.hook.undo else "")

    def run(self, state: State) -> str:
        self._carry_out(self.hook.run, state)
        return str(self.hook.run)

    def undo(self, state: State) -> str:
        if not self.hook.undo:
            return ""
        self._carry_out(self.hook.undo, state)
        return str(self.hook.undo)

    def _carry_out(self, command: Command, state: State) -> None:
        ended = run(command, {**state.environ, "CLEARWAY_STEP": self.moment})
        if ended.code:
            raise FailedError(f"{command} {ended.how}", output=ended.output)
