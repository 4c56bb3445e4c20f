"""A directory as a tree of regular files: what may be served from it, found by listing and never by joining.

Guarantees, in this order: hidden names are passed over; a symbolic link counts only when its real path stays
below the root; what is not a regular file (FIFO, socket, device, broken link) is passed over without opening it.
"""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from clearway.http.media_types import is_compressible, media_type
from clearway.http.negotiation import IDENTITY, SUFFIXES

from .names import is_canonical, is_hidden

Codings = dict[str, "DiskFile"]  # by content coding


@dataclass(frozen=True, slots=True)
class DiskFile:
    """A regular file: its path with links resolved, its size in octets, its modification time."""

    path: str
    size: int
    mtime_ns: int

    @property
    def mtime(self) -> int:
        return self.mtime_ns // 1_000_000_000


@dataclass(frozen=True)
class Tree:
    """The servable files below `root`.

    `only` and `without` choose by name among what lies directly below the root; `outward` follows links that lead
    out of it; `report` is told what is passed over and why.
    """

    root: str
    at_site_root: bool = False
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    outward: bool = False
    report: Callable[[str], None] = lambda message: None
    _real_root: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real_root", os.path.realpath(self.root))

    def walk(self) -> dict[str, DiskFile]:
        """All files by name."""
        return dict(self._walk(self._real_root, "", frozenset({self._real_root})))

    def locate(self, name: str) -> DiskFile | None:
        """One file by its exact name, also on file systems that ignore case."""
        directory = self._real_root
        passed = {directory}
        parts = name.split("/") if is_canonical(name) else []
        for depth, part in enumerate(parts, start=1):
            entry = next((e for e in self._entries(directory, top=depth == 1) if e.name == part), None)
            target = entry and self._contained(entry)
            if target is None or target in passed:
                return None
            directory = target
            passed.add(target)
        return disk_file(directory) if parts else None

    def leads_to(self, name: str, file: DiskFile) -> bool:
        """Whether a listed name still stands for this file, and links on the way were not turned."""
        return os.path.realpath(os.path.join(self._real_root, name)) == file.path

    def top(self) -> list[str]:
        """The names of what lies directly below the root and is not hidden."""
        return sorted(entry.name for entry in self._entries(self._real_root, top=True))

    def _walk(self, directory: str, prefix: str, ancestors: frozenset[str]) -> Iterator[tuple[str, DiskFile]]:
        for entry in self._entries(directory, top=not prefix):
            target = self._contained(entry)
            if target is None or target in ancestors:
                continue
            if _is_directory(entry):
                yield from self._walk(target, f"{prefix}{entry.name}/", ancestors | {target})
            elif found := disk_file(target):
                yield prefix + entry.name, found

    def _entries(self, directory: str, *, top: bool) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(directory) as entries:
                return sorted((e for e in entries if self._visible(e.name, top)), key=lambda entry: entry.name)
        except NotADirectoryError:
            return []
        except OSError as error:
            self.report(f"{directory} is not read: {error.strerror}")
            return []

    def _visible(self, name: str, top: bool) -> bool:
        if top and (name in self.without or (self.only is not None and name not in self.only)):
            return False
        return "\\" not in name and not is_hidden(name, top=top, at_site_root=self.at_site_root)

    def _contained(self, entry: os.DirEntry[str]) -> str | None:
        """The real path of an entry, or None when it leads out of the root."""
        if not entry.is_symlink():
            return entry.path
        target = os.path.realpath(entry.path)
        if self.outward or target.startswith(self._real_root.rstrip(os.sep) + os.sep):
            return target
        self.report(f"{entry.path} is not served: it links to {target}, outside of {self.root}")
        return None


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def disk_file(path: str) -> DiskFile | None:
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return DiskFile(path, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def is_unchanged(file: DiskFile) -> bool:
    """Whether a file still has the size and the modification time that it was found with."""
    return disk_file(file.path) == file


def pair(files: dict[str, DiskFile], media_types: Mapping[str, str] = MappingProxyType({})) -> dict[str, Codings]:
    """Put `.br`, `.zst` and `.gz` neighbours beside the file that they encode; they lose their own name.

    Only files of compressible types have such neighbours, and only when these are not older (in whole seconds,
    which is what archives keep); everything else is a file of its own.
    """
    variants = {
        name + suffix: (name, coding)
        for name, file in files.items()
        if is_compressible(media_type(name, media_types))
        for coding, suffix in SUFFIXES.items()
        if (neighbour := files.get(name + suffix)) and neighbour.mtime >= file.mtime
    }
    paired: dict[str, Codings] = {name: {IDENTITY: file} for name, file in files.items() if name not in variants}
    for variant, (name, coding) in variants.items():
        if name in paired:
            paired[name][coding] = files[variant]
    return paired
