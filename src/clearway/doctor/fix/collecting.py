"""Running collectstatic, as whoever owns the collected files."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from clearway.editing.errors import EditError
from clearway.fronts import ids

from .action import Done, Surroundings

_ROOT = 0


@dataclass(frozen=True)
class Collecting:
    """`python manage.py collectstatic --noinput`, through this Python and the settings that were looked at."""

    rank: ClassVar[int] = 1
    options: tuple[str, ...]

    def do(self, around: Surroundings) -> Done:
        """Collect. What root makes for another user, that user could not replace with the next deployment."""
        if stranger := _stranger(Path(around.static_root)):
            raise EditError(f"{around.static_root} is for {stranger} to write; run collectstatic as that user")
        if problem := around.collect(self.options):
            raise EditError(f"collectstatic failed: {problem}")
        return Done((around.static_root,) if around.static_root else ())


def _stranger(root: Path) -> str:
    """Who owns STATIC_ROOT, or where it will be, while we are root."""
    there = next((each for each in (root, *root.parents) if each.exists()), None)
    if there is None or not hasattr(os, "geteuid") or os.geteuid() != _ROOT:
        return ""
    owner = there.stat().st_uid
    return ids.user(owner) if owner != _ROOT else ""
