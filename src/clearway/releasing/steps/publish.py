"""`clearway publish`: the release goes to the store, its pointer last."""

from collections.abc import Callable
from dataclasses import dataclass

from clearway.releasing.own_verbs import Answer, verb
from clearway.releasing.state import State
from clearway.releasing.step import FailedError, KeptError


@dataclass(frozen=True)
class Publish:
    """Taking it back makes the release current there that was so before; objects stay.

    `note` writes down what is known before something changes.
    """

    target: str
    note: Callable[[State], object]
    name: str = "publish"

    def plan(self) -> str:
        return f"clearway publish {self.target} --apply" if self.target else ""

    def run(self, state: State) -> str:
        now = _checked(verb("publish", self.target)).data["previous"]
        is_known = state.is_resumed and (state.there or state.published)
        if not is_known or _is_overtaken(state, now):
            state.there = now
        state.published = None  # while it is not known, what is current later is taken for ours
        self.note(state)
        found = _checked(verb("publish", self.target, "--apply")).data
        state.published = found["release"]
        left = "; not purged: clearway purge --apply" if (found.get("purged") or {}).get("left") else ""
        if found["previous"] == found["release"]:
            return f"{found['release']} is current there already{left}"
        return f"{len(found['uploads']):,} of {found['objects']:,} objects uploaded{left}"

    def undo(self, state: State) -> str:
        if not self.target:  # the verbs would be about the disk
            raise FailedError("what was published may be current in the store: say where that is with --target")
        there = self._current(state)
        if there in (None, state.there):
            return ""
        if _is_overtaken(state, there):
            state.there = there
            return f"somebody else made {there} current in the store meanwhile"
        if state.there is None:
            raise KeptError(f"{there} is current in the store: there is no release before it")
        answer = verb("rollback", state.there, "--target", self.target)
        if answer.data["differences"]:
            raise FailedError(f"{state.there} is not whole in the store, so {there} stays current there")
        return f"{state.there} is current in the store again"

    def _current(self, state: State) -> str | None:
        try:
            rows = verb("releases", "--target", self.target).data["releases"]
        except FailedError:
            if state.there:
                raise
            return None  # nothing was ever published there
        return next((row["id"] for row in rows if row["current"]), None)


def _is_overtaken(state: State, there: str | None) -> bool:
    """Whether what is current in the store is neither ours nor what was so before."""
    return state.published is not None and there not in (state.there, state.published, None)


def _checked(answer: Answer) -> Answer:
    """Raises `FailedError` when something is in the way."""
    if answer.data["differences"]:
        first = answer.data["differences"][0]
        raise FailedError(f"{first['file']} {first['problem']}")
    return answer
