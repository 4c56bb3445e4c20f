"""What a project says of its releases: how it is reloaded, where it is live, what others do in between."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

STEPS = ("check", "collect", "trial", "publish", "files", "reload", "ready", "verify")
MOMENTS = tuple(f"{when}_{step}" for step in STEPS for when in ("before", "after"))


@dataclass(frozen=True)
class Command:
    """Words that are run as they are, or a text for the shell."""

    words: tuple[str, ...] | str

    def __str__(self) -> str:
        return self.words if isinstance(self.words, str) else shlex.join(self.words)


@dataclass(frozen=True)
class Hook:
    """A command of the project at one moment; `undo` takes it back."""

    name: str
    run: Command
    undo: Command | None = None


@dataclass(frozen=True)
class Routine:
    """`CLEARWAY["release"]`.

    reload   the command after which processes run the new release; None leaves that to somebody else
    urls     addresses of the live site: of its home, or of each server
    ready    the path that says whether it is ready, with a status below 400
    pages    paths of pages that must be there, with their static files; without them the home page is looked at, if
             there is one
    timeout  seconds to become ready
    steady   seconds for which every answer must be right before it counts as ready
    doctor   more arguments of the doctor: the web server's configuration, the worker's user
    hooks    by moment: `before_reload`, `after_collect` …
    """

    reload: Command | None = None
    urls: tuple[str, ...] = ()
    ready: str = "/"
    pages: tuple[str, ...] = ()
    timeout: float = 60
    steady: float = 3
    doctor: tuple[str, ...] = ()
    hooks: Mapping[str, tuple[Hook, ...]] = field(default_factory=dict)

    @property
    def visited(self) -> tuple[str, ...]:
        """Paths of the pages that are looked at."""
        return self.pages or ("/",)
