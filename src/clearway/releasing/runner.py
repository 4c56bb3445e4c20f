"""Runs the steps in order; when one fails, takes back what began, in reverse order, and makes that live again."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Protocol

from .journal import Journal
from .outcome import ABORT, Outcome, Ran, Status
from .state import State
from .step import Cause, FailedError, KeptError, Step

RELOAD, READY = "reload", "ready"


class Audience(Protocol):
    """Who is told how it goes."""

    def begins(self, name: str, text: str) -> None: ...

    def ended(self, ran: Ran) -> None: ...

    def rolls_back(self) -> None: ...


class Runner:
    """`back` makes live what was taken back: reload, wait, look. `calm` keeps signals away from then on.

    `explain` gives the causes of a failure that names URLs, before anything is taken back.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        back: Sequence[Step],
        journal: Journal,
        audience: Audience,
        calm: Callable[[], object],
        explain: Callable[[FailedError], Sequence[Cause]],
    ) -> None:
        self._steps, self._back = steps, back
        self._journal, self._audience = journal, audience
        self._calm, self._explain = calm, explain
        self._ran: list[Ran] = []
        self._is_going_back = False

    def release(self, state: State) -> Outcome:
        """Do all steps, or roll back."""
        state.is_rolling_back = False
        failed = None
        try:
            failed = next((ran for step in self._steps if (ran := self._forward(step, state))), None)
            self._calm()
        except KeyboardInterrupt as stopped:  # between two steps; no second one comes
            at = state.reached[-1] if state.reached else self._steps[0].name
            failed = failed or self._add(_failed(at, Status.FAILED, 0, stopped))
        if failed:
            return self._roll_back(state, failed)
        self._journal.remove()
        return Outcome(self._ran)

    def abort(self, state: State) -> Outcome:
        """Roll back what an earlier run began."""
        self._calm()
        return self._roll_back(state, None)

    def _forward(self, step: Step, state: State) -> Ran | None:
        """How it failed; None when it did not."""
        if not step.plan():
            return None
        state.reached = [*(name for name in state.reached if name != step.name), step.name]
        began = monotonic()
        try:
            self._journal.write(state)
            self._audience.begins(step.name, step.plan())
            text = step.run(state)
            self._journal.write(state)
        except (Exception, KeyboardInterrupt) as error:
            return self._add(self._explained(_failed(step.name, Status.FAILED, monotonic() - began, error), error))
        self._add(Ran(step.name, Status.DONE, monotonic() - began, text))
        return None

    def _explained(self, ran: Ran, error: BaseException) -> Ran:
        if not isinstance(error, FailedError) or error.causes or not error.urls:
            return ran
        try:
            return replace(ran, causes=tuple(self._explain(error)))
        except (Exception, KeyboardInterrupt):  # what it costs to know must not keep us from going back
            return ran

    def _roll_back(self, state: State, failed: Ran | None) -> Outcome:
        state.is_rolling_back = True
        with suppress(OSError):  # a full disk must not keep us from going back
            self._journal.write(state)
        reached = [step for step in reversed(self._steps) if step.name in state.reached]
        undone = [ran for step in reached if (ran := self._undone(step, state))]
        was_live = RELOAD in state.reached
        if was_live:
            self._goes_back()
        is_first = state.previous is None
        is_live = not was_live or (not is_first and self._is_live_again(state))
        if (is_live or is_first) and not any(ran.status == Status.NOT_UNDONE for ran in undone):
            self._journal.remove()
        is_back = is_live and all(ran.status == Status.UNDONE for ran in undone)
        return Outcome(self._ran, failed or Ran(ABORT, Status.FAILED), is_back if undone or was_live else None)

    def _is_live_again(self, state: State) -> bool:
        """Whether what looks at the site finds what was live before: a reload may fail that was not needed.

        Where nobody looks, the reload decides.
        """
        ran = {step.name: self._made_live(step, state) for step in self._back if step.plan()}
        asked = [each for name, each in ran.items() if name != RELOAD or READY not in ran]
        return RELOAD in ran and all(each.status == Status.DONE for each in asked)

    def _undone(self, step: Step, state: State) -> Ran | None:
        """None when there was nothing to take back."""
        began = monotonic()
        try:
            text = step.undo(state)
        except KeptError as kept:
            return self._back_again(_failed(step.name, Status.KEPT, monotonic() - began, kept))
        except (Exception, KeyboardInterrupt) as error:
            return self._back_again(_failed(step.name, Status.NOT_UNDONE, monotonic() - began, error))
        return self._back_again(Ran(step.name, Status.UNDONE, monotonic() - began, text)) if text else None

    def _back_again(self, ran: Ran) -> Ran:
        self._goes_back()
        return self._add(ran)

    def _goes_back(self) -> None:
        """Say so, once."""
        if not self._is_going_back:
            self._is_going_back = True
            self._audience.rolls_back()

    def _made_live(self, step: Step, state: State) -> Ran:
        began = monotonic()
        self._audience.begins(step.name, step.plan())
        try:
            text = step.run(state)
        except (Exception, KeyboardInterrupt) as error:
            return self._add(_failed(step.name, Status.FAILED, monotonic() - began, error))
        return self._add(Ran(step.name, Status.DONE, monotonic() - began, text))

    def _add(self, ran: Ran) -> Ran:
        self._ran.append(ran)
        self._audience.ended(ran)
        return ran


def _failed(name: str, status: Status, seconds: float, error: BaseException) -> Ran:
    if isinstance(error, FailedError):
        return Ran(name, status, seconds, str(error), error.output, error.causes)
    return Ran(name, status, seconds, str(error) or type(error).__name__)
