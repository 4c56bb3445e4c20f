"""Taking a file away, which stays under the name of a backup."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from clearway.editing import backup
from clearway.editing.errors import EditError
from clearway.editing.writing import moved

from .action import Done, Surroundings


@dataclass(frozen=True)
class Removal:
    """`rm FILE`."""

    rank: ClassVar[int] = 0
    path: Path

    def do(self, around: Surroundings) -> Done:
        """Move it beside itself, behind a dot: what it lies in is published. A link that leads nowhere just goes."""
        if self.path.is_symlink() and not self.path.exists():
            return self._unlinked(str(self.path.readlink()))
        if not self.path.is_file() or self.path.is_symlink():
            raise EditError(f"{self.path} is neither a regular file nor a link that leads nowhere")
        return Done((str(self.path),), (str(moved(self.path, backup.hidden)),))

    def _unlinked(self, target: str) -> Done:
        try:
            self.path.unlink()
        except OSError as error:
            raise EditError(f"{self.path} cannot be taken away: {error.strerror}") from error
        return Done((str(self.path),), note=f"{self.path} led to {target}")
