"""Whether the live site runs a release: asked again and again, until every answer is right for a while."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from clearway.doctor.live.content import page_text
from clearway.doctor.live.page import wanted_by

from .asking import Asker
from .differing import Published, only_in

_BAD = 400
_INTERVAL = 0.2  # seconds between two rounds
_ROUNDS = 8  # in a row at the least, each over new connections: there may be as many workers

Round = Callable[[], str]
"""One round of questions: what is not as it should be, empty when all is."""


@dataclass(frozen=True)
class Clock:
    """Seconds, and a pause of some."""

    now: Callable[[], float]
    pause: Callable[[float], None]


def wait(ask: Round, clock: Clock, timeout: float, steady: float) -> tuple[float, str]:
    """Ask until all is right for `steady` seconds, for `timeout` and these at most.

    Gives the seconds until it became right for good, and what was wrong at the end.
    """
    began = clock.now()
    since, rounds, wrong = began, 0, "nobody answered yet"
    while clock.now() - began < timeout + steady:
        wrong = ask()
        rounds = 0 if wrong else rounds + 1
        if wrong:
            since = clock.now()
            if since - began >= timeout:
                break
        elif rounds >= _ROUNDS and clock.now() - since >= steady:
            return since - began, ""
        clock.pause(_INTERVAL)
    return clock.now() - began, wrong or "the answers did not stay right"


@dataclass(frozen=True)
class Signs:
    """What shows which release a site runs: `wanted` should, `other` should not any more."""

    wanted: Published
    other: Published

    def problem(self, asker: Asker, home: str, ready: str, pages: Sequence[str]) -> str:
        """What is not as it should be; empty when all is."""
        try:
            return _status_problem(asker, ready) or self._file_problem(asker, home) or self._page_problem(asker, pages)
        except OSError as error:
            return f"no answer ({error})"

    def is_shown(self, asker: Asker, pages: Sequence[str]) -> bool:
        """Whether a page names a file that only the wanted release has: a status alone may come from either."""
        own = set(only_in(self.wanted, self.other))
        return any(named in own for page in pages if own for named in _names(self.wanted, asker, page))

    def _file_problem(self, asker: Asker, home: str) -> str:
        """A file that only the new release has is known to processes that loaded it."""
        for name in only_in(self.wanted, self.other)[:1]:
            url = self.wanted.url(home, name)
            if (status := asker.get(url).status) != 200:
                return f"{url} is answered with {status}: the new release is not loaded"
        return ""

    def _page_problem(self, asker: Asker, pages: Sequence[str]) -> str:
        """A page that names a file which only the other release has comes from a process of that one."""
        gone = set(only_in(self.other, self.wanted))
        for page in pages if gone else ():
            for name in _names(self.other, asker, page):
                if name in gone:
                    return f"{page} still names {name} of the other release"
        return ""


def _names(release: Published, asker: Asker, page: str) -> Iterator[str | None]:
    """The published names in a page, as a release has them. Raises `OSError`."""
    url, answer = asker.page(page)
    return (release.name(page, each.url) for each in wanted_by(page_text(answer), url))


def _status_problem(asker: Asker, ready: str) -> str:
    status = asker.get(ready).status
    return f"{ready} is answered with {status}" if status >= _BAD else ""
