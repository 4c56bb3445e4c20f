"""A front's worker, and how it is known."""

from dataclasses import dataclass

from .permission import Worker
from .road import Location


@dataclass(frozen=True)
class KnownWorker:
    """Who opens the files; `known_by` in words, and the line that says it; `is_guess` where nothing says so."""

    worker: Worker
    known_by: str
    location: Location | None = None
    is_guess: bool = False
