"""Progress: one line on a terminal that says what is going on, and is gone when it is over."""

from time import monotonic
from typing import Any, TextIO

_INTERVAL = 0.1  # seconds between two redraws


class Progress:
    """Silent unless `stream` is a terminal and `wanted`."""

    def __init__(self, stream: Any, wanted: bool) -> None:
        self._stream: TextIO = getattr(stream, "_out", stream)
        self._active = wanted and _is_terminal(self._stream)
        self._drawn = 0.0
        self._width = 0

    def phase(self, text: str) -> None:
        """Begin something new."""
        self._draw(text + " …")

    def count(self, text: str, number: int, total: int | None = None) -> None:
        """Say how far it is; redrawn ten times a second at most."""
        if self._active and monotonic() - self._drawn >= _INTERVAL:
            self._draw(f"{text} {number:,}" + (f" of {total:,}" if total else ""))

    def share(self, text: str, part: int, whole: int) -> None:
        """Say how far it is, of what is not counted in files; redrawn as seldom."""
        if self._active and whole and monotonic() - self._drawn >= _INTERVAL:
            self._draw(f"{text} {part / whole:.0%}")

    def done(self) -> None:
        """Take the line away."""
        if self._active and self._width:
            self._stream.write(f"\r{' ' * self._width}\r")
            self._stream.flush()
        self._width = 0

    def _draw(self, text: str) -> None:
        if self._active:
            self._stream.write(f"\r{text.ljust(self._width)}")
            self._stream.flush()
            self._drawn, self._width = monotonic(), max(self._width, len(text))


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # not a stream of its own, or closed
        return False
