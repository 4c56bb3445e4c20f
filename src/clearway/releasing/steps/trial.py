"""A few questions to the new code in a process of its own, before anybody's processes are reloaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from clearway.fronts.visits import Resolved
from clearway.releasing.asking import asking
from clearway.releasing.differing import published
from clearway.releasing.live import is_missing
from clearway.releasing.own_verbs import cause_of, function
from clearway.releasing.routine import Routine
from clearway.releasing.state import State
from clearway.releasing.step import Cause, FailedError, named
from clearway.stores.errors import StoreError
from clearway.stores.places import LocalPlaces

_ID, _NAME = "CW411", "live-not-in-finders"
_FIX = "correct the name in the page, or add the file; nothing was reloaded"


@dataclass(frozen=True)
class Trial:
    """What does not start, or answers with a fault of its own, must not be reloaded: some servers end over it."""

    routine: Routine
    places: LocalPlaces
    resolved: Resolved
    name: str = "trial"

    def plan(self) -> str:
        if not self.routine.urls:
            return ""
        return f"GET {', '.join(self._paths())} of the application in a process of its own"

    def run(self, state: State) -> str:
        home = self.routine.urls[0]
        urls = [urljoin(home, path) for path in self._paths()]
        answer = function("clearway.application_trial:ask", *urls, seconds=self.routine.timeout).data
        if problem := answer["problem"]:
            causes = [cause_of(problem)]
            raise FailedError(named(causes), causes, answer.get("output", ""))
        if absent := self._absent(state, home, answer["named"]):
            raise FailedError(named(absent), absent)
        return f"it answers {answer['status']}" if answer["status"] else "it starts"

    def undo(self, state: State) -> str:
        return ""

    def _paths(self) -> list[str]:
        return list(dict.fromkeys([self.routine.ready, *self.routine.visited]))

    def _absent(self, state: State, home: str, pages: Mapping[str, Sequence[str]]) -> list[Cause]:
        """Static files that pages name, and that neither the disk nor the live site has."""
        release = published(self.places.records, state.new)
        found: dict[str, Cause] = {}
        with asking(self.resolved) as asker:
            for page, urls in pages.items():
                for url in urls:
                    name = release.name(home, url)
                    if name and url not in found and not self._is_there(name) and is_missing(asker, url):
                        found[url] = Cause(_ID, _NAME, f"{page} names {url}, which nobody has", page, (), _FIX)
        return list(found.values())

    def _is_there(self, name: str) -> bool:
        try:
            return self.places.published.head(name) is not None
        except (OSError, ValueError, StoreError):
            return False
