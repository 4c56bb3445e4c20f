"""Sources without Django: the files below one directory, by the rules that `collectstatic` has for finding them."""

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from .errors import BuildError
from .sources import Source

IGNORED = ("CVS", ".*", "*~")
"""What `collectstatic` ignores unless it is told otherwise: globs of a file's or a directory's own name."""

_THIRD_PARTY = frozenset({"site-packages", "dist-packages", "node_modules"})
_Identity = tuple[int, int]


class SourceError(BuildError):
    """An entry of the directory that no file can be made of."""


def read_directory(
    root: Path,
    ignored: Sequence[str] = IGNORED,
    without: Path | None = None,
    found: Callable[[int], None] = lambda count: None,
) -> list[Source]:
    """The files below `root`, in the order of their names; links are followed, as `collectstatic` does.

    `ignored` are globs, held against an entry's own name and against its name below `root`; `without` is a
    directory that is passed over wherever it lies; `found` is told how many files there are by now. Raises
    `SourceError` for a broken link, a link to a directory above itself, and what is neither file nor directory.
    """
    sources: list[Source] = []
    outsider = _identity(str(without)) if without and without.is_dir() else None
    for name, path, third_party in _files(root, ignored, outsider):
        sources.append(Source(name, partial(_read, path), path=path, third_party=third_party))
        found(len(sources))
    return sorted(sources, key=lambda source: source.name)


def _files(root: Path, ignored: Sequence[str], outsider: _Identity | None) -> Iterator[tuple[str, str, bool]]:
    """(name, path, whether others ship it) of every file; no recursion, so that no depth is too much."""
    above: tuple[_Identity, ...] = (_identity(str(root)),)
    pending = [("", str(root), above, not _THIRD_PARTY.isdisjoint(root.parts))]
    while pending:
        prefix, folder, above, third_party = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + entry.name
                if _is_ignored(entry.name, name, ignored):
                    continue
                if _is_directory(entry, name):
                    identity = _identity(entry.path)
                    if identity in above:
                        raise SourceError(f"{entry.path} is a link to a directory above it; {_remedy(name)}")
                    if identity != outsider:
                        is_theirs = third_party or entry.name in _THIRD_PARTY
                        pending.append((f"{name}/", entry.path, (*above, identity), is_theirs))
                else:
                    yield name, entry.path, third_party


def _is_ignored(base: str, name: str, ignored: Sequence[str]) -> bool:
    return any(fnmatchcase(base, glob) or fnmatchcase(name, glob) for glob in ignored)


def _is_directory(entry: os.DirEntry[str], name: str) -> bool:
    """Whether it is one, or a link to one. Raises `SourceError` when it is no file either."""
    try:
        is_directory, is_file = entry.is_dir(), entry.is_file()
    except OSError as error:
        raise SourceError(f"{entry.path} cannot be read ({error.strerror}); {_remedy(name)}") from error
    if not is_directory and not is_file:
        what = "is a link to nothing" if entry.is_symlink() else "is neither a file nor a directory"
        raise SourceError(f"{entry.path} {what}; {_remedy(name)}")
    return is_directory


def _remedy(name: str) -> str:
    return f"remove it, or leave it out: --ignore '{name}'"


def _identity(path: str) -> _Identity:
    status = os.stat(path)  # noqa: PTH116  # of strings, thousands of them
    return status.st_dev, status.st_ino


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return file.read()
