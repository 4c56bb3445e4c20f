"""What keeps an asset of the live site from working: one cause, with proof."""

from dataclasses import dataclass

from clearway.doctor.finding import Level

from .seen import Seen


@dataclass(frozen=True)
class Verdict:
    """The cause by its name in the catalogue. `told` is what was observed beside the answer itself, in words.

    `means` says in one sentence why this is the cause, where several would fit.
    """

    cause: str
    seen: Seen
    told: tuple[str, ...] = ()
    means: str = ""
    level: Level = Level.ERROR
