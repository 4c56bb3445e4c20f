"""What `clearway init` would do, and what it did, as people read it: at most 80 columns where names allow it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .doctor.rendering.text import row
from .editing.diff import diff
from .editing.names import short

if TYPE_CHECKING:
    from .init.plan import Plan
    from .init.refusal import Refusal
    from .releases.text import Paint

_STYLES = {"+": "green", "-": "red", "@": "dim"}


def proposed(plan: "Plan", paint: "Paint") -> Iterator[str]:
    """The diff, what is left to a person, and what else there is to say."""
    for line in diff(plan.edits).removesuffix("\n").split("\n") if plan.edits else ():
        head = line.startswith(("---", "+++"))
        yield paint(line, "bold") if head else paint(line, _STYLES[line[0]]) if line[:1] in _STYLES else line
    if plan.edits:
        yield ""
    for each in plan.refusals:
        yield from _refusal(each, paint)
        yield ""
    for note in plan.notes:
        yield from row("note", note)
    if plan.notes:
        yield ""


def counted(plan: "Plan", said: str) -> str:
    """The last line: how much it is, and what became of it."""
    files = len(plan.edits)
    changes = f"{files} {'file' if files == 1 else 'files'} to change" if files else "nothing to change"
    left = len(plan.refusals)
    by_hand = f", {left} {'edit' if left == 1 else 'edits'} by hand" if left else ""
    return f"clearway: {changes}{by_hand}{said}"


def ended(files: Sequence[Path], backups: Iterable[Path], paint: "Paint") -> Iterator[str]:
    """What was written, and what to do now."""
    for place, path in enumerate(files):
        yield from row("" if place else "written", short(path))
    for place, path in enumerate(backups):
        yield from row("" if place else "before", short(path))
    yield from row("then", "collect the files, and look at the whole:")
    for command in ("python manage.py collectstatic", "clearway doctor"):
        yield f"{'':<12}{paint(command, 'bold')}"


def _refusal(refusal: "Refusal", paint: "Paint") -> Iterator[str]:
    yield paint(f"{'by hand':<9} {refusal.about}", "yellow")
    yield from row("where", f"{short(refusal.path)}:{refusal.line}")
    yield from row("why", refusal.reason)
    for place, line in enumerate(refusal.lines):
        yield f"  {'' if place else 'write':<8}{line}"
