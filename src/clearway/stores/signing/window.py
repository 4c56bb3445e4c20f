"""For how long a signed URL holds, and for how long it stays the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """Signed at `start`, seconds since 1970, and good for `lifetime` seconds."""

    start: int
    lifetime: int

    @property
    def end(self) -> int:
        """Seconds since 1970; what is signed holds until then."""
        return self.start + self.lifetime


def window(now: float, promised: int, every: int = 0) -> Window:
    """One that holds for at least `promised` seconds from `now`, the same for all of a span of `every` seconds.

    What is signed for it is the same URL as long as it is the same, so that a browser or a cache has it already. Its
    start is never in the future, which stores refuse. Raises `ValueError`.
    """
    if promised < 1 or every < 0:
        raise ValueError(f"a signature holds for a second or more and stays for none or more: {promised}, {every}")
    moment = int(now)
    return Window(moment - moment % every if every else moment, promised + every)
