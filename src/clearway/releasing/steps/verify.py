"""A last look: files and records on disk, objects in the store, and what the live site answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from clearway.fronts.visits import Resolved
from clearway.releasing.asking import Asker, asking
from clearway.releasing.differing import Published, published
from clearway.releasing.live import NO_ANSWER, asked_first, wrong_files, wrong_references
from clearway.releasing.own_verbs import verb
from clearway.releasing.routine import Routine
from clearway.releasing.state import State
from clearway.releasing.step import FailedError
from clearway.stores.places import LocalPlaces

Wrong = tuple[str, str]
_LISTED, _SHOWN = 20, 3  # rows that are kept; URLs that the doctor is asked about


@dataclass(frozen=True)
class Verify:
    """`is_back` looks at the release that was current before. The live site only when it was reloaded."""

    routine: Routine
    places: LocalPlaces
    resolved: Resolved
    target: str = ""
    is_back: bool = False
    name: str = "verify"

    def plan(self) -> str:
        places = ["disk", *(["store"] if self.target else []), *(self.routine.urls if self.routine.reload else ())]
        return ", ".join(places)

    def run(self, state: State) -> str:
        current = state.previous if self.is_back else state.new
        _refuse("on disk", _concerning(current, verb("verify").data))
        if self.target:
            there = state.there if self.is_back else state.published
            _refuse("in the store", _concerning(there, verb("verify", "--target", self.target).data))
        records = self.places.records
        new, old = published(records, current), published(records, self._other(state))
        files = [self._live(home, new, old) for home in self.routine.urls if self.routine.reload]
        of_both = " of both releases" if old.assets and old != new else ""
        asked = f"; {sum(files):,} files{of_both} asked for, all there" if files else ""
        return f"all as recorded{asked}"

    def undo(self, state: State) -> str:
        return ""

    def _other(self, state: State) -> str | None:
        return state.new if self.is_back else state.previous

    def _live(self, home: str, new: Published, old: Published) -> int:
        """How many files were asked for: of the old release what it alone has, and had when this began."""
        names = asked_first(new, old)
        olds = [name for name in asked_first(old, new) if name not in new.assets and self.places.published.head(name)]
        with asking(self.resolved) as asker:
            wrong = [*self._pages(asker, home, new), *wrong_files(asker, home, new, names)]
            if not self.is_back:
                before = wrong_files(asker, home, old, olds)
                wrong += [(url, f"{text}, and pages of before need it") for url, text in before]
        _refuse("live", wrong, [home, *(url for url, _ in wrong[:_SHOWN])])
        return len(names) + len(olds)

    def _pages(self, asker: Asker, home: str, release: Published) -> Iterator[Wrong]:
        for path in self.routine.visited:
            page = urljoin(home, path)
            yield from wrong_references(asker, home, page, release, is_due=bool(self.routine.pages))


def _concerning(id_: str | None, found: Mapping[str, Any]) -> Iterator[Wrong]:
    for each in found["differences"]:
        if id_ in each["releases"] or not each["releases"]:
            yield each["file"], each["problem"]


def _refuse(where: str, wrong: Iterator[Wrong] | Sequence[Wrong], urls: Sequence[str] = ()) -> None:
    rows = list(wrong)
    if rows:
        more = f", and {len(rows) - 1:,} more" if len(rows) > 1 else ""
        silent = [row for row in rows if row[1].startswith(NO_ANSWER)]
        told = [row for row in rows if row not in silent[1:]]  # a site that is down is said once
        said = "\n".join(f"{what} {text}" for what, text in told[:_LISTED])
        raise FailedError(f"{where}: {rows[0][0]} {rows[0][1]}{more}", output=said, urls=urls)
