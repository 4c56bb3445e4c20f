"""What a check of a configuration found, as people read it: the patch last, and applicable as it is printed."""

from textwrap import wrap
from typing import TYPE_CHECKING

from clearway.releases.text import Paint, count

from .words import where

if TYPE_CHECKING:
    from clearway.fronts.checking import Checked

_STYLES = {"+": "green", "-": "red", "@": "dim"}


def told(main: str, found: "Checked", paint: Paint) -> list[str]:
    """Each difference, and the patch."""
    lines: list[str] = []
    for lack in found.lacks:
        place = where(lack.location)
        lines += [f"{paint('×', 'red')} {paint(lack.target, 'bold')}" + (f"  {paint(place, 'dim')}" if place else "")]
        said = lack.problem if lack.solved else f"{lack.problem} (no small change was found that helps)"
        lines += [f"    {row}" for row in wrap(said, 76, break_long_words=False, break_on_hyphens=False)]
    lines += [f"? {each}" for each in found.unknown]
    if not found.lacks:
        left = f", {count(len(found.unknown), 'question')} left open" if found.unknown else ""
        return [*lines, f"{main}: {paint('all that the project needs', 'green')}{left}"]
    lines += ["", f"{main}: {paint(count(len(found.lacks), 'difference'), 'red')}"]
    if found.patch:
        lines += ["", *(paint(line, _STYLES[line[0]]) if line[:1] in _STYLES else line for line in found.patch)]
    return lines
