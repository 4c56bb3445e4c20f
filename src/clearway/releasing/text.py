"""A release as people read it, and as programs do: schema 1."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from clearway.releases.text import Paint

from .outcome import ABORT, Outcome, Ran
from .state import State
from .step import Cause, Step

_COLUMN, _WIDTH = 10, 80


def plan(
    state: State, steps: Sequence[Step], left_out: Mapping[str, str], built: dict[str, Any], paint: Paint
) -> list[str]:
    """What a run would do. `left_out` has the reasons, `built` says what collectstatic would make, or why not."""
    width = max(len(step.name) for step in steps)
    rows = [
        f"  {step.name:<{width}}  {step.plan() or paint(f'left out: {left_out[step.name]}', 'dim')}" for step in steps
    ]
    head = f"release over {state.previous or 'nothing'}"
    new = _would(state, built)
    return [paint(head, "bold"), *rows, "", *_interrupted(state), new, "nothing was changed (--dry-run)"]


def _would(state: State, built: dict[str, Any]) -> str:
    if built["error"]:
        return f"collectstatic would be refused: {built['error']}"
    if not built["release"]:
        return "what collectstatic would make is known when it is made: the command of another app is used"
    what = "stays current" if built["release"] == state.previous else "would be current"
    return f"{built['release']} {what}" + (f": {built['counted']}" if built["counted"] else "")


def _interrupted(state: State) -> list[str]:
    return (
        ["an earlier run was interrupted; this does everything again, --abort rolls back"] if state.is_resumed else []
    )


def result(state: State, outcome: Outcome, seconds: float, paint: Paint) -> list[str]:
    """How it ended, and why."""
    if outcome.is_done:
        before = f"; before it: {state.previous}" if state.previous else ""
        before = ", as before" if state.previous == state.new else before
        return [f"{paint('done', 'green')} in {seconds:.1f} s: {state.new} is released{before}"]
    failed = outcome.failed
    causes = [line for cause in (failed.causes if failed else ()) for line in _block(cause, paint)]
    return [*causes, *_last(state, outcome, paint)]


def _last(state: State, outcome: Outcome, paint: Paint) -> list[str]:
    head = f"{paint('not released', 'red')}: {_why(outcome.failed) if outcome.failed else ''}"
    if outcome.is_aborted and outcome.rolled_back:
        return [f"{paint('rolled back', 'green')}: {state.previous or 'nothing'} is released"]
    if outcome.rolled_back is None:
        return [f"{head}; nothing was changed"]
    if outcome.rolled_back:
        return [f"{head}; rolled back: {state.previous or 'nothing'} is released"]
    if state.previous is None and not outcome.is_stuck:
        return [f"{head}; nothing was released before it that could be gone back to"]
    loud = paint("THE ROLL-BACK FAILED TOO", "red")
    return [head, f"{loud}: look at the site; clearway release --abort tries again"]


def _why(failed: Ran) -> str:
    """In short where a block said it above."""
    if failed.name == ABORT:
        return "aborted"
    ids = [f"{cause.id} {cause.name}" for cause in failed.causes]
    return f"{failed.name} failed: {ids[0] if ids else failed.text}"


def _block(cause: Cause, paint: Paint) -> Iterator[str]:
    yield paint(f"{'error':<{_COLUMN - 1}} {cause.id} {cause.name}", "red")
    rows = [("what", cause.message), *(("" if n else "proof", each) for n, each in enumerate(cause.proof))]
    for label, text in [*rows, ("where", cause.where), ("fix", cause.fix), ("more", cause.page)]:
        if text:
            yield from _row(label, text)
    yield ""


def _row(label: str, text: str) -> Iterator[str]:
    rows = wrap(text, _WIDTH - _COLUMN, break_long_words=False, break_on_hyphens=False) or [""]
    yield from (f"  {'' if number else label:<{_COLUMN - 2}}{row}" for number, row in enumerate(rows))


def data(state: State, outcome: Outcome | None, seconds: float, steps: Sequence[Step]) -> dict[str, Any]:
    """As programs read it; without an outcome, the plan."""
    failed = outcome.failed if outcome else None
    return {
        "release": state.new,
        "previous": state.previous,
        "resumed": state.is_resumed,
        "plan": [{"name": step.name, "text": step.plan()} for step in steps if step.plan()],
        "steps": [each.to_json() for each in outcome.ran] if outcome else [],
        "failed": failed.name if failed else None,
        "causes": [each.to_json() for each in failed.causes] if failed else [],
        "error": failed.text if failed else None,
        "rolled_back": outcome.rolled_back if outcome else None,
        "seconds": round(seconds, 3),
        "done": bool(outcome and outcome.is_done),
    }
