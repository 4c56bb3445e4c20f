"""The new files, before a page names them: a web server that has them and may not send them is found in time."""

from dataclasses import dataclass
from urllib.parse import urljoin

from clearway.fronts.visits import Resolved
from clearway.releasing.asking import asking
from clearway.releasing.differing import only_in, published
from clearway.releasing.live import refused_files
from clearway.releasing.routine import Routine
from clearway.releasing.state import State
from clearway.releasing.step import FailedError
from clearway.stores.records import Records


@dataclass(frozen=True)
class Files:
    """Those that only the new release has. A 404 is none of its business: some files come with the new processes."""

    routine: Routine
    records: Records
    resolved: Resolved
    name: str = "files"

    def plan(self) -> str:
        if not (self.routine.reload and self.routine.urls):
            return ""
        return f"GET the new files of {', '.join(urljoin(url, '/') for url in self.routine.urls)}"

    def run(self, state: State) -> str:
        new, old = published(self.records, state.new), published(self.records, state.previous)
        names = only_in(new, old)
        with asking(self.resolved) as asker:
            for home in self.routine.urls:
                if wrong := refused_files(asker, home, new, names):
                    (url, text), more = wrong[0], f", and {len(wrong) - 1:,} more" if len(wrong) > 1 else ""
                    raise FailedError(f"live: {url} {text}{more}", urls=[url for url, _ in wrong[:3]])
        return f"none of {len(names):,} is refused" if names else "no file is new"

    def undo(self, state: State) -> str:
        return ""
