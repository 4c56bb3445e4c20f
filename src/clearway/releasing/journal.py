"""How far a release has come, beside the records: ids, times and names of steps, and nothing that is secret.

It is there from the first step to the last; one that is found was left by a run that was killed, or that could not be
rolled back. Its folder is locked meanwhile: one release at a time.
"""

import json
from contextlib import AbstractContextManager
from pathlib import Path

from clearway.stores.directory import Directory, Modes

from .state import State

FOLDER = "releasing"
_NAME = "journal.json"


class Journal:
    """The journal in the folder of the records."""

    def __init__(self, records: Path, modes: Modes | None = None) -> None:
        self._store = Directory(records / FOLDER, modes)

    def alone(self) -> AbstractContextManager[None]:
        """Keep other releases away. Raises `LockedError`."""
        return self._store.locked()

    def read(self) -> State | None:
        """What a run left that did not come to its end; a damaged one says nothing."""
        try:
            return State.from_json(json.loads(self._store.read(_NAME)))
        except (OSError, ValueError):
            return None

    def write(self, state: State) -> None:
        """Write it down; durable when this returns."""
        self._store.swap(_NAME, json.dumps(state.to_json()).encode())
        self._store.flush()

    def remove(self) -> None:
        """The release came to its end."""
        self._store.delete(_NAME)
