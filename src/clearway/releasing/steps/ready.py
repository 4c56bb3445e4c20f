"""Waiting until the live site runs the release that it should."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, sleep
from urllib.parse import urljoin

from clearway.fronts.visits import Resolved
from clearway.releasing.asking import asking
from clearway.releasing.differing import published
from clearway.releasing.readiness import Clock, Signs, wait
from clearway.releasing.routine import Routine
from clearway.releasing.state import State
from clearway.releasing.step import FailedError
from clearway.stores.records import Records


@dataclass(frozen=True)
class Ready:
    """`is_back` waits for the release that was current before. Without a reload nothing changes that could be seen."""

    routine: Routine
    records: Records
    resolved: Resolved
    is_back: bool = False
    clock: Clock = field(default_factory=lambda: Clock(monotonic, sleep))
    name: str = "ready"

    def plan(self) -> str:
        if not (self.routine.reload and self.routine.urls):
            return ""
        asked = ", ".join(urljoin(url, self.routine.ready) for url in self.routine.urls)
        return f"GET {asked} until the new release answers, for {self.routine.timeout:g} s"

    def run(self, state: State) -> str:
        new, old = published(self.records, state.new), published(self.records, state.previous)
        signs = Signs(old, new) if self.is_back else Signs(new, old)
        said, is_shown = [], False
        for home in self.routine.urls:
            ask = partial(self._round, signs, home)
            seconds, wrong = wait(ask, self.clock, self.routine.timeout, self.routine.steady)
            if wrong:
                raise FailedError(f"not ready after {seconds:.0f} s: {wrong}", urls=[home])
            said.append(f"{seconds:.1f} s")
            is_shown = is_shown or self._is_shown(signs, home)
        doubt = (
            "" if is_shown or state.new == state.previous else "; nothing on these pages tells the two releases apart"
        )
        return f"after {', '.join(said)}, and steady for {self.routine.steady:g} s{doubt}"

    def undo(self, state: State) -> str:
        return ""

    def _round(self, signs: Signs, home: str) -> str:
        with asking(self.resolved) as asker:
            return signs.problem(asker, home, urljoin(home, self.routine.ready), self._pages(home))

    def _is_shown(self, signs: Signs, home: str) -> bool:
        with asking(self.resolved) as asker, suppress(OSError):
            return signs.is_shown(asker, self._pages(home))
        return False

    def _pages(self, home: str) -> list[str]:
        return [urljoin(home, page) for page in self.routine.visited]
