"""How a release goes, on stderr: a line for each step, and on a terminal the one that is going on."""

from collections.abc import Sequence
from contextlib import suppress
from shutil import get_terminal_size
from threading import Event, Thread
from time import monotonic
from typing import TextIO

from clearway.releases.text import Paint

from .outcome import Ran, Status

_TICK = 0.5  # seconds
_STYLES = {Status.FAILED: "red", Status.NOT_UNDONE: "red", Status.UNDONE: "yellow", Status.KEPT: "yellow"}
_LINES = 12  # of the output of a command that failed


class Screen:
    """Lines for people; none where they are not `wanted`, or nobody is there to read them (`clearway release 2>&-`)."""

    def __init__(self, stream: TextIO | None, paint: Paint, names: Sequence[str], *, wanted: bool) -> None:
        self._stream, self._paint = stream if wanted else None, paint
        self._width = max((len(name) for name in names), default=0)
        self._is_terminal = self._stream is not None and self._stream.isatty()
        self._stop: Event | None = None
        self._thread: Thread | None = None

    def say(self, text: str) -> None:
        """A line."""
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        """A terminal, or a pipe, that is gone must not keep a release from going back."""
        if self._stream:
            with suppress(OSError, ValueError):
                self._stream.write(text)
                self._stream.flush()

    def begins(self, name: str, text: str) -> None:
        """On a terminal, the step that is going on and for how long it has."""
        if self._is_terminal:
            self._stop = Event()
            self._thread = Thread(target=self._tick, args=(name, text, self._stop), daemon=True)
            self._thread.start()

    def ended(self, ran: Ran) -> None:
        """The line of a step that came to its end, and what went wrong."""
        self._clear()
        self.say(self._line(ran))
        if ran.status in (Status.FAILED, Status.NOT_UNDONE):
            for line in ran.output.strip().splitlines()[-_LINES:]:
                self.say(self._paint(f"{'':<{self._width + 13}}{line}", "dim"))

    def rolls_back(self) -> None:
        """What follows takes back what was done."""
        self._clear()
        self.say(self._paint("rolling back", "bold"))

    def _line(self, ran: Ran) -> str:
        word = "" if ran.status == Status.DONE else f"{ran.status.value}: "
        style = _STYLES.get(ran.status)
        text = f"{self._paint(word, style) if style and word else word}{ran.text}"
        return f"  {ran.name:<{self._width}}  {ran.seconds:>6.1f} s  {text}"

    def _tick(self, name: str, text: str, stop: Event) -> None:
        began = monotonic()
        while not stop.is_set():
            line = f"  {name:<{self._width}}  {monotonic() - began:>6.0f} s  {text} …"[
                : get_terminal_size().columns - 1
            ]
            self._write(f"\r\033[2K{self._paint(line, 'dim')}")
            stop.wait(_TICK)
        self._write("\r\033[2K")

    def _clear(self) -> None:
        if self._stop and self._thread:
            self._stop.set()
            self._thread.join()
        self._stop = self._thread = None
