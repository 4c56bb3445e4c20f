"""A guard that notices when the disk is touched in the thread of the event loop."""

import builtins
import io
import os
import traceback
from collections.abc import Callable
from threading import get_ident
from typing import Any

import pytest

from clearway.catalog import reading

WATCHED: tuple[tuple[Any, str], ...] = (
    (os, "open"),
    (os, "stat"),
    (os, "lstat"),
    (os, "fstat"),
    (os, "scandir"),
    (os, "listdir"),
    (builtins, "open"),
    (io, "open"),
    (reading, "FileIO"),
)


class LoopGuard:
    """Records every watched call that is made in the thread that `armed` was set in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.caught: list[str] = []
        self.elsewhere = 0
        self._thread: int | None = None
        for owner, name in WATCHED:
            monkeypatch.setattr(owner, name, self._watching(name, getattr(owner, name)))

    def arm(self) -> None:
        """From here on this thread is the event loop's."""
        self._thread = get_ident()

    def disarm(self) -> None:
        self._thread = None

    def _watching(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            if self._thread is not None:
                if get_ident() == self._thread:
                    self._thread = None  # formatting a stack reads source files
                    self.caught.append(f"{name}{args}\n" + "".join(traceback.format_stack(limit=6)[:-1]))
                    self._thread = get_ident()
                else:
                    self.elsewhere += 1
            return real(*args, **kwargs)

        return watched
