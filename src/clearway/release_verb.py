"""`clearway release`: from its arguments to a result."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic, time
from typing import Any, TextIO

from .cli import painter
from .conf import conf
from .fronts.visits import Resolved
from .releases.errors import ReleaseError
from .releases.text import Paint
from .releasing import text
from .releasing.diagnosis import diagnose
from .releasing.journal import Journal
from .releasing.outcome import Outcome, Ran, Status
from .releasing.routine import STEPS, Command, Routine
from .releasing.runner import READY, RELOAD, Runner
from .releasing.screen import Screen
from .releasing.state import State
from .releasing.step import FailedError, Step
from .releasing.steps.check import Check
from .releasing.steps.collect import Collect, collected, counts
from .releasing.steps.files import Files
from .releasing.steps.hook import RunHook
from .releasing.steps.publish import Publish
from .releasing.steps.ready import Ready
from .releasing.steps.reload import Reload
from .releasing.steps.trial import Trial
from .releasing.steps.verify import Verify
from .releasing.stopping import calm, stoppable
from .results import Result
from .stores.places import LocalPlaces


@dataclass(frozen=True)
class _Release:
    """What there is to do: all steps, and those that make live what was taken back."""

    options: Namespace
    routine: Routine
    places: LocalPlaces
    journal: Journal
    target: str

    @property
    def resolved(self) -> Resolved:
        return Resolved.parse(self.options.resolve)

    def steps(self) -> list[Step]:
        """In order, with the hooks in between."""
        own = {step.name: step for step in self._own()}
        return [
            step for name in STEPS for step in (*self._hooks("before", name), own[name], *self._hooks("after", name))
        ]

    def _own(self) -> Iterator[Step]:
        yield Check(self.routine)
        yield Collect(self.places.records, self.journal.write)
        yield Trial(self.routine, self.places, self.resolved)
        yield Publish(self.target, self.journal.write)
        yield Files(self.routine, self.places.records, self.resolved)
        yield Reload(self.routine)
        yield Ready(self.routine, self.places.records, self.resolved)
        yield Verify(self.routine, self.places, self.resolved, self.target)

    def back(self) -> list[Step]:
        """What follows when everything is taken back and processes were reloaded."""
        records = self.places.records
        return [
            Reload(self.routine),
            Ready(self.routine, records, self.resolved, is_back=True),
            Verify(self.routine, self.places, self.resolved, self.target, is_back=True),
        ]

    def _hooks(self, when: str, step: str) -> Iterator[Step]:
        moment = f"{when}_{step}"
        return (RunHook(moment, hook) for hook in self.routine.hooks.get(moment, ()))

    def state(self) -> State:
        """Of this release, or of the one that was interrupted."""
        left, now = self.journal.read(), self.places.records.current()
        if left is None:
            return State(int(time()), now)
        return replace(left, is_resumed=True, previous=now if _is_overtaken(left, now) else left.previous)

    def left_out(self) -> dict[str, str]:
        """Why a step would have nothing to do, by its name."""
        no_url = "no url is set"
        no_reload = "--no-reload" if self.options.no_reload else "no reload is set"
        no_target = "--no-publish" if self.options.no_publish else "no target is set"
        live = no_reload if self.routine.urls else no_url
        return {"trial": no_url, "publish": no_target, "files": live, RELOAD: no_reload, READY: live}


def _is_overtaken(left: State, now: str | None) -> bool:
    """Whether others released since: then that is what to go back to. What a killed `collect` made, nobody knows."""
    return left.new is not None and now not in (left.new, left.previous, None)


def release(options: Namespace) -> Result:
    """Release, say what that would do (`--dry-run`), or roll back what was interrupted (`--abort`)."""
    if unfit := _without_settings():
        return unfit
    asked = _asked(options)
    if options.dry_run:
        return _planned(asked)
    with asked.journal.alone(), stoppable():
        state = asked.state()
        if options.abort and not state.is_resumed:
            raise ReleaseError("there is no interrupted release to roll back; clearway rollback goes back from one")
        _refuse_less(asked, state)
        return _ended(asked, state)


def _refuse_less(asked: _Release, state: State) -> None:
    """Raises `ReleaseError` where an interrupted run did what this one could neither finish nor take back."""
    given, planned = asked.options, {step.name for step in asked.steps() if step.plan()}
    for name, option, is_waived in (("publish", "target", given.no_publish), (RELOAD, "reload", given.no_reload)):
        if name in state.reached and name not in planned and (given.abort or not is_waived):
            other = "" if given.abort else f", or say --no-{name} to leave that to others"
            raise ReleaseError(f"the interrupted release came to {name}: give its --{option} again{other}")


def _without_settings() -> Result | None:
    """What the doctor says of settings that cannot be read: without them nothing else is known."""
    from django.conf import settings

    began, state = monotonic(), State(int(time()))
    try:
        _ = settings.INSTALLED_APPS
    except Exception:
        try:
            Check(Routine()).run(state)
        except FailedError as failure:
            ran = Ran("check", Status.FAILED, monotonic() - began, str(failure), failure.output, failure.causes)
            outcome, seconds = Outcome([ran], ran), monotonic() - began
            return Result(
                text.data(state, outcome, seconds, []), lambda paint: text.result(state, outcome, seconds, paint), 1
            )
        raise
    return None


def _planned(asked: _Release) -> Result:
    state, steps = asked.state(), asked.steps()
    built: dict[str, Any] = {"error": "", "release": None, "counted": ""}
    try:
        found = collected("--dry-run")
        if found.get("release"):
            built |= {"release": found["release"], "counted": counts(found)}
    except FailedError as failure:
        built["error"] = str(failure)
    found_data = text.data(replace(state, new=built["release"]), None, 0, steps) | {"error": built["error"] or None}
    code = int(bool(built["error"]))
    return Result(found_data, lambda paint: text.plan(state, steps, asked.left_out(), built, paint), code)


def _ended(asked: _Release, state: State) -> Result:
    began, steps = monotonic(), asked.steps()
    screen = _screen(asked, steps, state)
    explain = partial(_causes, asked)
    runner = Runner(steps, asked.back(), asked.journal, screen, calm, explain)
    outcome: Outcome = runner.abort(state) if asked.options.abort else runner.release(state)
    seconds = monotonic() - began

    def told(paint: Paint) -> list[str]:
        return text.result(state, outcome, seconds, paint)

    return Result(text.data(state, outcome, seconds, steps), told, outcome.code)


def _causes(asked: _Release, failure: FailedError) -> Any:
    return diagnose(asked.routine, failure.urls, asked.options.resolve)


def _screen(asked: _Release, steps: list[Step], state: State) -> Screen:
    names = [step.name for step in steps if step.plan()]
    stream: TextIO | None = sys.stderr  # Python has none when it is closed
    paint = painter(asked.options) if stream and stream.isatty() else lambda words, style: words
    screen = Screen(stream, paint, names, wanted=asked.options.verbosity > 0)
    was = f"{state.previous} is current" if state.previous else "the first one"
    screen.say(f"{paint('release', 'bold')}  {was}; {', '.join(names)}")
    if left := asked.journal.read():
        at = "when it was rolled back" if left.is_rolling_back else f"at {(left.reached or ['its start'])[-1]}"
        was = "was current before it"
        if state.previous != left.previous:
            was = "became current since, and is what to go back to"
        screen.say(f"an earlier run was interrupted {at}; {state.previous or 'nothing'} {was}")
    return screen


def _asked(options: Namespace) -> _Release:
    """What settings and arguments say. Raises `ReleaseError` for a storage that keeps no releases."""
    from django.core.files.storage import storages

    from .storage import ReleaseStorage

    storage: object = storages["staticfiles"]
    if not isinstance(storage, ReleaseStorage) or not storage.location:
        raise ReleaseError(
            'a release needs STATIC_ROOT and STORAGES["staticfiles"] = {"BACKEND": "clearway.storage.ReleaseStorage"}'
        )
    given = conf()
    target = "" if options.no_publish else options.target or given.publish.target
    places = storage.places
    return _Release(
        options, _routine(options, given.release), places, Journal(Path(places.records.store.where())), target
    )


def _routine(options: Namespace, given: Routine) -> Routine:
    """The setting, with what the command line says in its place."""
    said: dict[str, Any] = {
        "reload": Command(options.reload) if options.reload else None,
        "urls": tuple(options.url or ()),
        "ready": options.ready,
        "timeout": options.timeout,
    }
    told = replace(given, **{key: value for key, value in said.items() if value})
    return replace(told, reload=None) if options.no_reload else told
