"""`--clear`: what no retained release lists and no source gave goes; the rest stays, and is counted."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clearway.catalog import layout
from clearway.stores.directory import Directory


@dataclass(frozen=True)
class Cleared:
    """Names of files that were deleted (or would be), and how many of earlier releases were kept."""

    deleted: tuple[str, ...] = ()
    kept: int = 0


def clear(
    store: Directory, is_current: Callable[[str], bool], is_kept: Callable[[str], bool], dry_run: bool
) -> Cleared:
    """Delete below the store what is neither current nor kept."""
    deleted, kept = [], 0
    for name in _names(store.root):
        if is_current(name):
            continue
        if is_kept(name):
            kept += 1
            continue
        deleted.append(name)
        if not dry_run:
            store.delete(name)
    store.flush()
    return Cleared(tuple(deleted), kept)


def _names(root: Path) -> Iterator[str]:
    """All files and links below the root, sorted, but for Clearway's own folder."""
    for folder, folders, files in os.walk(root):
        if folder == str(root) and layout.FOLDER in folders:
            folders.remove(layout.FOLDER)
        links = [each for each in folders if Path(folder, each).is_symlink()]
        folders.sort()
        inside = Path(folder).relative_to(root)
        yield from ((inside / each).as_posix() for each in sorted([*files, *links]))
