"""The two directories of `clearway build`: which can be built from, which into, and whose files are in the way."""

import os
from collections.abc import Iterator
from pathlib import Path

from .build.errors import BuildError
from .build.plan import Plan
from .catalog import layout
from .stores.places import LocalPlaces

_SHOWN = 10  # files that are named in a message


class DirectoryError(BuildError):
    """The directories that were given cannot be built from, or into."""


def check(source: Path, out: Path) -> None:
    """Whether the one can be built into the other. Raises `DirectoryError`, which says what to give instead."""
    if not source.is_dir():
        raise DirectoryError(f"{source} is {'a file' if source.exists() else 'not there'}; give a directory of sources")
    if out.exists() and not out.is_dir():
        raise DirectoryError(f"{out} is a file; give --out a directory")
    if (source / layout.FOLDER / layout.CURRENT).exists():
        raise DirectoryError(f"{source} is what a build has made; give the directory of its sources")
    here, there = source.resolve(), out.resolve()
    if here == there:
        raise DirectoryError(
            f"a build into its own sources would publish what it made; give --out another directory, "
            f"or encode the files in place, under the names they have: clearway compress {source}"
        )
    if here.is_relative_to(there):
        raise DirectoryError(f"{source} lies inside of {out}, so its sources would be public too; give another --out")


def refuse_to_write_over(places: LocalPlaces, planned: Plan, *, originals: bool) -> None:
    """Raise `DirectoryError` for files of somebody else under names that the plan would write.

    Only before the first run: from then on the directory is the build's. `originals` says whether the unhashed
    originals would be written too.
    """
    out = places.published.root
    if (out / layout.FOLDER).is_dir() or not out.is_dir():
        return
    names = places.names()
    known = {*names, *names.values()} if names else set()
    theirs = [name for name in _different(out, planned, originals=originals) if name not in known]
    if names is None and (out / layout.MANIFEST).exists():
        theirs.append(layout.MANIFEST)
    if theirs:
        more = [f"  … and {len(theirs) - _SHOWN:,} more"] if len(theirs) > _SHOWN else []
        listed = "\n".join([*(f"  {name}" for name in theirs[:_SHOWN]), *more])
        raise DirectoryError(
            f"{out} has other files under names that would be written:\n{listed}\n"
            "give --out a new or an empty directory, or move these files away"
        )


def _different(out: Path, planned: Plan, *, originals: bool) -> Iterator[str]:
    """The names of the plan under which something else lies."""
    for name, each in planned.assets.items():
        wanted = {each.asset.name: each.read} | ({name: each.read_original} if originals else {})
        for own, read in wanted.items():
            path = out / own
            if os.path.lexists(path) and not (path.is_file() and path.read_bytes() == read()):
                yield own
