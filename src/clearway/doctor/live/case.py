"""One asset of the live site, with all that is known beside its answer."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts, Process, optional
from clearway.doctor.names import without_hash
from clearway.probing.answer import Answer

from .hops import answered_by
from .kinds import extension
from .naming import file_of
from .questions import fails
from .seen import Absent, Live, Seen


@dataclass(frozen=True)
class Case:
    """An asset of the project's own hosts, and the others that were asked for with it."""

    facts: Facts
    live: Live
    own: tuple[Seen, ...]
    seen: Seen

    @property
    def answer(self) -> Answer:
        """The last of its hops. There is one, or nobody asks."""
        return self.seen.hops[-1].answer

    @cached_property
    def by(self) -> str:
        return answered_by(self.answer)

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def is_text(self) -> bool:
        return self.seen.wanted.kind in ("style", "script", "module")

    @cached_property
    def file(self) -> tuple[str, str]:
        """(`static` or `media`, name)."""
        return file_of(self.facts, self.seen.wanted.url)

    @property
    def is_media(self) -> bool:
        return self.file[0] == "media"

    @property
    def is_hashed(self) -> bool:
        return without_hash(urlsplit(self.seen.wanted.url).path) is not None

    @cached_property
    def process(self) -> Process | None:
        return optional(lambda: self.facts.process)

    @cached_property
    def path(self) -> Path | None:
        """The collected file of this name on this machine; None where there is none."""
        collected = optional(lambda: self.facts.collected)
        is_there = collected is not None and not self.is_media and self.file[1] in collected.sizes
        return collected.path(self.file[1]) if collected and is_there else None

    @property
    def is_here(self) -> bool:
        """Whether it was this machine that answered."""
        return self.answer.is_here

    @property
    def page(self) -> Seen | None:
        """The page that wants it, if it arrived."""
        return next((each for each in self.live.pages if each.url == self.seen.wanted.page), None)

    def absent(self) -> Iterator[Absent]:
        """Names that are not there, beside it and of its kind."""
        mine = _place(self.seen.wanted.url), extension(self.seen.wanted.url)
        return (
            each
            for each in self.live.absent
            if (_place(each.beside.wanted.url), extension(each.beside.wanted.url)) == mine
        )

    def neighbours(self) -> Iterator[Seen]:
        """The other assets of its host below the same first directory that were asked for."""
        mine = _place(self.seen.wanted.url)
        return (each for each in self.own if each is not self.seen and _place(each.wanted.url) == mine)

    def arriving(self) -> Iterator[Seen]:
        """Those of them that arrive."""
        return (each for each in self.neighbours() if not fails(each))


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path.strip("/").partition("/")[0]


def is_open(path: Path) -> bool:
    """Whether everybody may read a file of this machine, through all directories above it."""
    try:
        modes = [os.stat(each).st_mode for each in path.resolve().parents]  # noqa: PTH116
        return all(mode & 0o001 for mode in modes) and bool(path.stat().st_mode & 0o004)
    except OSError:
        return False
