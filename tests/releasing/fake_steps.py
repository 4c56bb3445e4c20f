"""Steps that only write down what was asked of them, and a run of them that may be killed."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from clearway.releasing.journal import Journal
from clearway.releasing.outcome import Outcome, Ran
from clearway.releasing.runner import Audience, Runner
from clearway.releasing.state import State
from clearway.releasing.step import Cause, FailedError, KeptError
from clearway.releasing.stopping import calm, stoppable

NAMES = ("check", "collect", "publish", "reload", "ready", "verify")
CHANGING = ("collect", "publish")  # those that have something to take back
Effect = Callable[[], None]


def fail() -> None:
    raise FailedError("no", urls=["https://shop.example/"])


def nothing_before() -> None:
    raise KeptError("it is current: there is no release before it")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def is_told_to_end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class FakeStep:
    """Its log is a file, so that it outlives the process."""

    name: str
    log: Path
    running: Effect = lambda: None
    undoing: Effect = lambda: None
    said: str = ""
    planning: Effect = lambda: None

    def _write(self, text: str) -> None:
        with self.log.open("a", encoding="ascii") as file:
            file.write(f"{text}{self.said}\n")

    def plan(self) -> str:
        self.planning()
        return "something"

    def run(self, state: State) -> str:
        self._write(self.name)
        self.running()
        return "done"

    def undo(self, state: State) -> str:
        if self.name not in CHANGING:
            return ""
        self._write(f"-{self.name}")
        self.undoing()
        return "undone"


@dataclass
class Listener:
    """An audience that keeps what it is told."""

    ran: list[Ran] = field(default_factory=list)
    backs: int = 0

    def begins(self, name: str, text: str) -> None:
        pass

    def ended(self, ran: Ran) -> None:
        self.ran.append(ran)

    def rolls_back(self) -> None:
        self.backs += 1


@dataclass
class Fakes:
    """A release of fake steps in a directory; effects by the name of the step, those on the way back by `back`.

    `audience` is told in the place of the listener; `left_out` are steps that the way back does not have.
    """

    folder: Path
    effects: dict[str, Effect] = field(default_factory=dict)
    undoing: dict[str, Effect] = field(default_factory=dict)
    back: dict[str, Effect] = field(default_factory=dict)
    listener: Listener = field(default_factory=Listener)
    audience: Audience | None = None
    left_out: tuple[str, ...] = ()
    calming: Effect = lambda: None
    planning: Effect = lambda: None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def journal(self) -> Journal:
        return Journal(self.folder)

    def did(self) -> list[str]:
        return self.log.read_text(encoding="ascii").split() if self.log.exists() else []

    def runner(self, causes: tuple[Cause, ...] = ()) -> Runner:
        nothing: Effect = lambda: None  # noqa: E731
        steps = [
            FakeStep(name, self.log, self.effects.get(name, nothing), self.undoing.get(name, nothing)) for name in NAMES
        ]
        steps[0].planning = self.planning
        names = [name for name in NAMES[3:] if name not in self.left_out]
        back = [FakeStep(name, self.log, self.back.get(name, nothing), said="-back") for name in names]
        return Runner(steps, back, self.journal, self.audience or self.listener, self.calm, lambda failure: causes)

    def calm(self) -> None:
        self.calming()
        calm()

    def release(self, state: State | None = None) -> Outcome:
        with self.journal.alone(), stoppable():
            return self.runner().release(state or State(0, previous="0" * 16))


if __name__ == "__main__":
    Fakes(Path(sys.argv[1]), {sys.argv[2]: die}).release()
