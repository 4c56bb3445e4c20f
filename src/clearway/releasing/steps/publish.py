"""`clearway publish`: the release goes to the store, its pointer last."""

from dataclasses import dataclass

from clearway.releasing.own_verbs import Answer, verb
from clearway.releasing.state import State
from clearway.releasing.step import FailedError


@dataclass(frozen=True)
class Publish:
    """Taking it back makes the release current there that was so before; objects stay."""

    target: str
    name: str = "publish"

    def plan(self) -> str:
        return f"clearway publish {self.target} --apply" if self.target else ""

    def run(self, state: State) -> str:
        if not state.is_resumed or state.there is None:
            state.there = _checked(verb("publish", self.target)).data["previous"]
        found = _checked(verb("publish", self.target, "--apply")).data
        state.published = found["release"]
        left = "; not purged: clearway purge --apply" if (found.get("purged") or {}).get("left") else ""
        if found["previous"] == found["release"]:
            return f"{found['release']} is current there already{left}"
        return f"{len(found['uploads']):,} of {found['objects']:,} objects uploaded{left}"

    def undo(self, state: State) -> str:
        there = self._current(state)
        if there in (None, state.there):
            return ""
        if state.there is None:
            return f"{there} stays current in the store: there is no release before it"
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


def _checked(answer: Answer) -> Answer:
    """Raises `FailedError` when something is in the way."""
    if answer.data["differences"]:
        first = answer.data["differences"][0]
        raise FailedError(f"{first['file']} {first['problem']}")
    return answer
